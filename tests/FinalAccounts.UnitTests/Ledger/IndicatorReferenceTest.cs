using FinalAccounts.Ledger.Performance;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Ledger;

/// <summary>Forms call many indicators 指标1; each is named by as much as it takes.</summary>
public class IndicatorReferenceTest
{
    private static readonly IReadOnlyList<Indicator> Indicators =
    [
        new("产出指标", "数量指标", "参保人数", "≥5", "人", 1_00),
        new("产出指标", "数量指标", "指标1", "培训", null, 1_00),
        new("产出指标", "质量指标", "指标1", "覆盖", null, 1_00),
        new("产出指标", "质量指标", "指标1", "按时", null, 1_00),
    ];

    [Theory]
    [InlineData(0, "参保人数")]
    [InlineData(1, "产出指标/数量指标/指标1")]
    [InlineData(2, "产出指标/质量指标/指标1（第1个）")]
    [InlineData(3, "产出指标/质量指标/指标1（第2个）")]
    public void The_shortest_reference_names_its_indicator_alone(int place, string words)
    {
        var reference = IndicatorReference.To(Indicators, place);

        reference.ToString().ShouldBe(words);
        reference.FindIn(Indicators).ShouldBe([place]);
    }

    [Fact]
    public void A_name_alone_fits_all_that_share_it() =>
        new IndicatorReference("指标1", null, null, null).FindIn(Indicators).ShouldBe([1, 2, 3]);
}
