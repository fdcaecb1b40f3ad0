using FinalAccounts.Ledger;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Ledger;

public class MoneyTest
{
    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(5, "0.05")]
    [InlineData(-5, "-0.05")]
    [InlineData(123450, "1234.50")]
    [InlineData(long.MinValue, "-92233720368547758.08")]
    public void Fen_are_printed_as_yuan_with_two_decimals(long fen, string yuan) => new Money(fen).ToYuan().ShouldBe(yuan);

    [Fact]
    public void A_sum_beyond_the_range_is_refused_not_wrapped() =>
        Should.Throw<OverflowException>(() => new Money(long.MaxValue) + new Money(1));
}
