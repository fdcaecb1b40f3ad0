using System.Numerics;
using FinalAccounts.Reporting;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

public class RatioTest
{
    [Theory]
    [InlineData(1, 2, 0, 1)] // 0.5 goes up
    [InlineData(-1, 2, 0, -1)] // and away from zero
    [InlineData(49, 100, 0, 0)]
    [InlineData(5, 1000, 2, 1)] // 0.005 is 0.01
    [InlineData(2, 3, 2, 67)] // 0.666… is 0.67
    [InlineData(-2, 3, 2, -67)]
    [InlineData(0, 7, 2, 0)]
    public void A_half_is_rounded_away_from_zero(long numerator, long denominator, int decimals, long expected) =>
        new Ratio(numerator, denominator).Round(decimals).ShouldBe(expected);

    [Fact]
    public void Rounding_is_never_further_off_than_half_of_the_last_digit() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), ArbMap.Default.ArbFor<int>(), (numerator, seed) =>
        {
            var denominator = 1 + Math.Abs((long)seed);
            var rounded = (BigInteger)new Ratio(numerator, denominator).Round(2);

            // |rounded/100 - n/d| <= 1/200, without fractions.
            return BigInteger.Abs((rounded * denominator) - ((BigInteger)numerator * 100)) * 2 <= denominator;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_share_of_nothing_has_no_value_unless_the_form_gives_it_one()
    {
        Should.Throw<DivideByZeroException>(() => Ratio.Of(1, 0, null));
        Ratio.Of(1, 0, new Ratio(0, 1)).ShouldBe(new Ratio(0, 1));
    }
}
