using FinalAccounts.Ledger.Performance;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>Scoring rules with hand-derived scores, and what holds of every score.</summary>
public class ScoringTest
{
    private static readonly ScoringRules Rules = FormPack.Load("hunan-2024")!.Scoring;

    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1000);

    /// <summary>Numbers as people write them, with few digits so that targets are met, missed and hit.</summary>
    private static readonly Gen<(long Millionths, string Text)> Numbers =
        from whole in Gen.Choose(0, 40)
        from tenths in Gen.Choose(0, 9)
        select ((whole * 1_000_000L) + (tenths * 100_000L), tenths == 0 ? $"{whole}" : $"{whole}.{tenths}");

    private static readonly Gen<string> Signs = Gen.Elements("≥", "≤", ">", "<", "=", "", "不少于", "不超过", "≧");

    private static readonly Gen<IndicatorScoring?> Scorings = Gen.Elements<IndicatorScoring?>(null, IndicatorScoring.Proportional, IndicatorScoring.Threshold);

    [Theory]
    [InlineData("≥10000", "人", TargetSign.AtLeast, 10_000, "人")]
    [InlineData("≧ 90 %", null, TargetSign.AtLeast, 90, "%")]
    [InlineData("不超过22个工作日", null, TargetSign.AtMost, 22, "个工作日")]
    [InlineData("大于等于5", null, TargetSign.AtLeast, 5, "")]
    [InlineData(">5次", null, TargetSign.Above, 5, "次")]
    [InlineData("12万人次", null, null, 120_000, "人次")]
    [InlineData("108800万人次", null, null, 1_088_000_000, "人次")]
    [InlineData("37", "亿元", null, 3_700_000_000, "元")]
    [InlineData("1,484", null, null, 1_484, "")]
    public void A_number_is_read_with_its_sign_and_unit(string text, string? unit, TargetSign? sign, long number, string counted) =>
        IndicatorValue.Parse(text, unit).ShouldBe(new(sign, number * 1_000_000, counted));

    [Fact]
    public void Decimals_are_exact() => IndicatorValue.Parse("8.57万元").ShouldBe(new(null, 85_700_000_000, "元"));

    [Theory]
    [InlineData("")]
    [InlineData("提高水平")]
    [InlineData("扩面11700人，缴费8653人")]
    [InlineData("支出≤5万元")]
    [InlineData("≥")]
    [InlineData("2024年12月前")]
    [InlineData("1.2.3")]
    [InlineData("1.")]
    [InlineData("12,34")]
    [InlineData("1.2345678")]
    [InlineData("9999999999999")]
    [InlineData("999999999999亿")]
    [InlineData("-5")]
    [InlineData("5～6次")]
    [InlineData("１２次")]
    public void Words_ranges_and_what_is_out_of_range_are_no_number(string text) => IndicatorValue.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData("≥10000", "10278", 15_00, 15_00)] // reached
    [InlineData("≤22", "22", 10_00, 10_00)] // reached on the mark
    [InlineData("3400", "3148", 10_00, 9_26)] // 3148 ÷ 3400 × 10 = 9.2588
    [InlineData("100%", "96%", 15_00, 14_40)] // 0.96 × 15
    [InlineData("≤20", "25", 10_00, 8_00)] // 20 ÷ 25 × 10
    [InlineData("=4", "5", 10_00, 8_00)] // 4 ÷ 5 × 10
    [InlineData("=5", "4", 10_00, 8_00)]
    [InlineData(">5", "5", 10_00, 10_00)] // as near as can be
    [InlineData("≥3", "0", 10_00, 0)]
    [InlineData("≤0", "1", 10_00, 0)]
    [InlineData("<0", "0", 10_00, 0)]
    [InlineData("≥0", "0", 10_00, 10_00)]
    [InlineData("12万人次", "108800万人次", 10_00, 10_00)]
    [InlineData("≥3", "1", 10_00, 3_33)] // 10 ÷ 3 = 3.333
    [InlineData("≥3", "2", 10_00, 6_67)] // 6.667 rounds up
    [InlineData("社保稽核工作高质量完成", "社保稽核工作高质量完成。", 10_00, 10_00)] // the target's own words
    [InlineData("≥90%", "≥90%", 10_00, 10_00)]
    [InlineData("提高水平", "基本完成", 10_00, 8_00)] // 80 % by the table
    [InlineData("专项检查", "未开展", 10_00, 6_00)]
    public void A_score_follows_from_target_and_result(string target, string actual, long weight, long score) =>
        Score("产出指标", target, actual, weight).ShouldBe(score);

    [Fact]
    public void A_cost_without_a_sign_is_a_limit() // 8 ÷ 10 × 10
    {
        Score("成本指标", "8万元", "10万元", 10_00).ShouldBe(8_00);
        Score("成本指标", "8万元", "7万元", 10_00).ShouldBe(10_00);
        Score("产出指标", "8万元", "7万元", 10_00).ShouldBe(8_75); // 7 ÷ 8
    }

    [Fact]
    public void A_threshold_gives_all_or_nothing()
    {
        Score("产出指标", "100%", "99.9%", 15_00, IndicatorScoring.Threshold).ShouldBe(0);
        Score("产出指标", "100%", "100%", 15_00, IndicatorScoring.Threshold).ShouldBe(15_00);
    }

    [Theory]
    [InlineData("≥5次", null, null)]
    [InlineData("≥5次", "  ", null)]
    [InlineData("≥5次", "5人", null)]
    [InlineData("≥5次", "做了", null)]
    [InlineData("提高水平", "在原有基础上已提高", null)]
    [InlineData("100%", "96%", IndicatorScoring.Graded)]
    public void What_the_rules_can_not_tell_is_unknown_and_not_zero(string target, string? actual, IndicatorScoring? scoring)
    {
        var share = Rules.Share(new("产出指标", "数量指标", "指标", target, null, 10_00, scoring), actual);
        (share.Share, share.Least).ShouldBe((null, null));
        share.Rule.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Words_leave_room_between_their_bounds()
    {
        var share = Rules.Share(new("效益指标", "社会效益", "指标", "保障安全", null, 10_00), "基本完成");
        (share.Share, share.Least).ShouldBe((new Ratio(80, 100), new Ratio(60, 100)));
    }

    [Theory]
    [InlineData(2_753_000_00, 2_755_000_00, 10_00, 9_99)] // 双牌: 275.3 ÷ 275.5 × 10 = 9.9927
    [InlineData(29_245_00, 50_000_00, 10_00, 5_85)] // 5.849
    [InlineData(334_094_00, 315_600_00, 10_00, 10_00)] // capped
    [InlineData(-1, 100, 10_00, 0)]
    public void The_execution_rate_earns_its_share_of_the_points(long executed, long budget, long weight, long score) =>
        Rules.Score(weight, new(executed, budget)).ShouldBe(score);

    [Fact]
    public void Decimals_are_the_packs_and_never_lift_a_score_above_its_points()
    {
        ScoringRules whole = new(new() { Decimals = 0 });
        whole.Score(10_00, new(2, 3)).ShouldBe(7_00);
        whole.Score(9_50, new(1, 1)).ShouldBe(9_50);
        new ScoringRules(new() { Decimals = 1 }).Score(10_00, new(2, 3)).ShouldBe(6_70);
    }

    [Theory]
    [InlineData(100_00, "优")]
    [InlineData(90_00, "优")]
    [InlineData(89_99, "良")]
    [InlineData(80_00, "良")]
    [InlineData(60_00, "中")]
    [InlineData(59_99, "差")]
    [InlineData(0, "差")]
    public void A_grade_begins_at_its_score(long hundredths, string grade)
    {
        Rules.Grade(hundredths).ShouldBe(grade);
        Rules.IsGradeOf(grade, hundredths).ShouldBeTrue();
        Rules.IsGradeOf(grade == "优" ? "良" : "优", hundredths).ShouldBeFalse();
    }

    [Fact]
    public void A_grade_has_several_words_and_a_pack_may_have_none()
    {
        Rules.IsGradeOf("优秀", 95_00).ShouldBeTrue();
        ScoringRules none = new(new());
        none.Grade(95_00).ShouldBeNull();
        none.IsGradeOf("随便", 95_00).ShouldBeTrue();
    }

    [Fact]
    public void A_score_is_never_below_zero_nor_above_its_points() => Prop.ForAll(
        (from target in Numbers from actual in Numbers from sign in Signs from scoring in Scorings from weight in Gen.Choose(0, 100_00) select (target, actual, sign, scoring, weight)).ToArbitrary(),
        c =>
        {
            var score = Score("产出指标", c.sign + c.target.Text, c.actual.Text, c.weight, c.scoring);
            return score is >= 0 && score <= c.weight;
        }).Check(Thorough);

    [Fact]
    public void A_better_result_never_scores_less() => Prop.ForAll(
        (from target in Numbers from a in Numbers from b in Numbers from sign in Signs.Where(s => s != "=") from scoring in Scorings select (target, a, b, sign, scoring)).ToArbitrary(),
        c =>
        {
            var isLimit = c.sign is "≤" or "<" or "不超过";
            var (worse, better) = (c.a.Millionths <= c.b.Millionths) == !isLimit ? (c.a, c.b) : (c.b, c.a);
            return Score("产出指标", c.sign + c.target.Text, worse.Text, 10_00, c.scoring) <= Score("产出指标", c.sign + c.target.Text, better.Text, 10_00, c.scoring);
        }).Check(Thorough);

    [Fact]
    public void What_reaches_its_target_has_all_points_and_what_scores_less_has_not_reached_it() => Prop.ForAll(
        (from target in Numbers from actual in Numbers from weight in Gen.Choose(1_00, 100_00) select (target, actual, weight)).ToArbitrary(),
        c =>
        {
            var score = Score("产出指标", "≥" + c.target.Text, c.actual.Text, c.weight);
            return c.actual.Millionths >= c.target.Millionths ? score == c.weight : score < c.weight || c.weight * (c.target.Millionths - c.actual.Millionths) * 2 <= c.target.Millionths;
        }).Check(Thorough);

    [Fact]
    public void Scores_of_weights_that_make_a_hundred_are_at_most_a_hundred() => Prop.ForAll(
        (from cuts in Gen.ListOf(Gen.Choose(0, 100_00), 6) from shares in Gen.ListOf(Gen.Choose(0, 300), 7) from decimals in Gen.Choose(0, 2) select (cuts, shares, decimals)).ToArbitrary(),
        c =>
        {
            ScoringRules rules = new(new() { Decimals = c.decimals });
            var ends = c.cuts.Order().Prepend(0).Append(100_00).ToList();
            var weights = ends.Zip(ends.Skip(1), (from, to) => (long)to - from);
            return weights.Zip(c.shares, (weight, share) => rules.Score(weight, new(share, 200))).Sum() is >= 0 and <= 100_00;
        }).Check(Thorough);

    private static long? Score(string level1, string target, string actual, long weight, IndicatorScoring? scoring = null) =>
        Rules.Share(new(level1, "二级", "三级", target, null, (int)weight, scoring), actual).Share is { } share ? Rules.Score(weight, share) : null;
}
