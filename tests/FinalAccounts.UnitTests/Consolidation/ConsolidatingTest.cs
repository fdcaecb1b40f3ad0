using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Consolidation.Group;

namespace FinalAccounts.UnitTests.Consolidation;

public class ConsolidatingTest
{
    [Fact]
    public void What_the_units_paid_each_other_is_left_out_on_both_sides()
    {
        // 100 + 50 + 20 came in from outside. 30 went down and were spent by the centre, 5 came up and were spent by the bureau.
        var books = new Group().Income(Bureau, 100).Income(Centre, 50).Income(School, 20)
            .Transfer(Transfer.Subsidy, Bureau, Centre, 30).Transfer(Transfer.Remittance, School, Bureau, 5)
            .Spend(Centre, 80).Spend(Bureau, 75).Spend(School, 15).Consolidate();

        Total(books.Books, "收入合计").ShouldBe(170_00);
        Total(books.Books, "支出合计").ShouldBe(170_00);
        foreach (var eliminated in new[] { "上级补助收入", "附属单位上缴收入", "上缴上级支出", "对附属单位补助支出" })
        {
            Total(books.Books, eliminated).ShouldBe(0, eliminated);
        }

        books.Transfers.Select(t => (t.Transfer, t.Payer, t.Receiver, t.Paid, t.Received, t.IsEliminated)).ShouldBe(
        [
            (Transfer.Subsidy, Bureau, Centre, (Int128)30_00, (Int128)30_00, true),
            (Transfer.Remittance, School, Bureau, 5_00, 5_00, true),
        ]);
    }

    [Theory]
    [InlineData(30, 0)]
    [InlineData(0, 30)]
    [InlineData(30, 29)]
    public void A_transfer_that_both_sides_have_not_booked_alike_stays_and_is_told_with_both_values(long paid, long received)
    {
        var group = new Group().Close(Bureau, Centre, School);
        group = paid > 0 ? group.Spend(Bureau, paid, SpendingKind.SubsidyToAffiliate, Centre) : group;
        group = received > 0 ? group.Income(Centre, received, IncomeSource.SubsidyFromSuperior, Bureau) : group;
        var consolidated = group.Consolidate();

        Total(consolidated.Books, "对附属单位补助支出").ShouldBe(paid * 100);
        Total(consolidated.Books, "上级补助收入").ShouldBe(received * 100);
        var finding = consolidated.Findings.ShouldHaveSingleItem();
        finding.Rule.ShouldBe(ConsolidationRule.TransferUnequal);
        finding.Arguments.ShouldBe(
            ["示例局", "对附属单位补助支出", $"{paid}.00", "示例中心", "上级补助收入", $"{received}.00", "其他资金", $"{paid - received}.00"]);
    }

    [Fact]
    public void A_reversal_counts_on_its_side()
    {
        PostingLine line = new(new(Running), new("30201"), Fund.Other, SpendingKind.SubsidyToAffiliate, null, IncomeSource.Other, new(40_00), Centre.Code);
        var group = new Group().Spend(Bureau, 70, SpendingKind.SubsidyToAffiliate, Centre).Income(Centre, 30, IncomeSource.SubsidyFromSuperior, Bureau)
            .Add(Bureau, new ExpenditureReversed(new(2024, 4, 1), "冲1", "记9", "更正", [line]));

        group.Consolidate().Transfers.ShouldHaveSingleItem().IsEliminated.ShouldBeTrue();
        Total(group.Consolidate().Books, "支出合计").ShouldBe(0);
    }

    [Fact]
    public void The_two_sides_are_compared_fund_by_fund()
    {
        // Out of the treasury's money here, into 其他资金 there: with it left out, 公开04 would no longer balance.
        var consolidated = new Group().Spend(Bureau, 30, SpendingKind.SubsidyToAffiliate, Centre, fund: Fund.GeneralPublicBudget)
            .Income(Centre, 30, IncomeSource.SubsidyFromSuperior, Bureau).Consolidate();

        consolidated.Transfers.Select(t => (t.Fund, t.Paid, t.Received, t.IsEliminated)).ShouldBe(
            [(Fund.GeneralPublicBudget, (Int128)30_00, (Int128)0, false), (Fund.Other, 0, 30_00, false)]);
    }

    [Fact]
    public void A_transfer_to_somebody_outside_stays_without_a_word_and_one_to_nobody_is_told()
    {
        var outside = new ConsolidatedUnit(new("999"), "某省局");
        var consolidated = new Group().Close(Bureau, Centre, School).Income(Bureau, 30, IncomeSource.SubsidyFromSuperior, outside)
            .Income(School, 7, IncomeSource.SubsidyFromSuperior).Consolidate();

        Total(consolidated.Books, "上级补助收入").ShouldBe(37_00);
        consolidated.Transfers.ShouldBeEmpty();
        var finding = consolidated.Findings.ShouldHaveSingleItem();
        (finding.Rule, string.Join(' ', finding.Arguments)).ShouldBe((ConsolidationRule.CounterpartyMissing, "示例学校 上级补助收入 7.00"));
    }

    [Fact]
    public void Units_that_have_not_closed_are_told() =>
        new Group().Close(Bureau, School).Consolidate().Findings.Select(f => (f.Rule, f.Arguments[0], f.Arguments[1])).ShouldBe(
            [(ConsolidationRule.UnitNotClosed, "301001", "示例中心")]);

    [Fact]
    public void Statistics_of_the_form_add_up_and_those_of_the_department_itself_do_not()
    {
        var group = new Group();
        foreach (var unit in new[] { Bureau, Centre, School })
        {
            group.Add(unit, new StatisticsReported(group.Day, [new("公务用车保有量", 2, "辆"), new("办结时限", 5, "天")], [new("例会", "部署", new(10_00), 4)]));
        }

        var books = group.Consolidate().Books;
        Value("公务用车保有量").ShouldBe(6);
        Value("编制人数").ShouldBe(30);
        Value("会议次数").ShouldBe(3);
        books.Meetings.Count.ShouldBe(3);

        // Business data that a text of the department cites, its own lists, and what the form fixes.
        Value("办结时限").ShouldBe(5);
        Value("内设科室").ShouldBe(1);
        Value("所属单位").ShouldBe(2);
        Value("大型设备单价起点").ShouldBe(100_000_000);

        Int128 Value(string name) => books.Sum(new(Measure.Statistic, Name: name));
    }

    [Fact]
    public void A_statistic_that_a_unit_did_not_report_is_unknown_and_told()
    {
        var group = new Group().Close(Bureau, Centre, School);
        group.Add(Bureau, new StatisticsReported(group.Day, [new("公务用车保有量", 2, "辆")], null));
        var consolidated = group.Consolidate();

        consolidated.Books.Facts.Any(new(Measure.Statistic, Name: "公务用车保有量")).ShouldBeFalse();
        var finding = consolidated.Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Arguments[0], finding.Arguments[1]).ShouldBe(
            (ConsolidationRule.StatisticNotReported, "公务用车保有量", "301001 示例中心、301002 示例学校"));
    }

    [Fact]
    public void A_statistic_in_different_units_of_measure_is_unknown_and_told()
    {
        var group = new Group().Close(Bureau, Centre, School);
        foreach (var (unit, measure) in new[] { (Bureau, "辆"), (Centre, "台"), (School, "辆") })
        {
            group.Add(unit, new StatisticsReported(group.Day, [new("公务用车保有量", 2, measure)], null));
        }

        var finding = group.Consolidate().Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Arguments[1]).ShouldBe((ConsolidationRule.StatisticUnitsDiffer, "辆、台"));
        group.Consolidate().Books.Facts.Any(new(Measure.Statistic, Name: "公务用车保有量")).ShouldBeFalse();
    }

    [Fact]
    public void Texts_come_from_the_department_itself_and_scores_do_not_add_up()
    {
        var group = new Group();
        foreach (var (unit, score) in new[] { (Bureau, 9_000), (Centre, 8_000) })
        {
            group.Add(unit, new SelfEvaluationReported(group.Day, null, null, null, score, "良", []));
        }

        var books = group.Consolidate().Books;
        books.Department!.Name.ShouldBe("示例局");
        books.Profile!.Duties.ShouldBe(["示例局的职责。"]);
        books.Sum(new(Measure.OverallScore)).ShouldBe(9_000);
        Document(books).Unit.Name.ShouldBe("示例局");
    }

    [Fact]
    public void A_reason_is_one_for_the_department_by_itself_unless_it_says_otherwise()
    {
        var group = new Group();
        group.Add(Bureau, new ExplanationWritten(group.Day, "收入总计/比上年", "本级的原因", "财务科"));
        group.Consolidate().Books.Explanation("收入总计/比上年").ShouldBeNull();

        group.Add(Bureau, new ExplanationWritten(group.Day, "汇总/收入总计/比上年", "各单位的原因", "财务科"));
        group.Consolidate().Books.Explanation("收入总计/比上年")!.Text.ShouldBe("各单位的原因");
        group.Books(Bureau)[0].Books.Explanation("收入总计/比上年")!.Text.ShouldBe("本级的原因");
    }

    [Fact]
    public void Of_imported_figures_of_last_year_only_consolidated_ones_count()
    {
        var group = new Group().Income(Bureau, 10_000);
        group.Add(Bureau, new ComparativesImported(group.Day, new(2023), "公开", [new("收入总计", new(1_000_000))]));
        Compared().ShouldContain("上一年度决算数未取得");

        group.Add(Bureau, new ComparativesImported(group.Day, new(2023), "公开", [new("汇总/收入总计", new(500_000))]));
        Compared().ShouldContain("收入总计增加0.5万元，增长100%");

        string Compared() => Document(group.Consolidate().Books).Parts.OfType<TextPart>().SelectMany(p => p.Blocks)
            .Single(b => b.Heading.StartsWith("一、收入支出", StringComparison.Ordinal)).Text;
    }

    [Fact]
    public void Last_year_is_consolidated_with_last_years_units()
    {
        var current = new Group().Close(Bureau, Centre, School).Income(Centre, 30).Transfer(Transfer.Subsidy, Bureau, Centre, 5).Books();
        var before = new Group(2023).Income(Centre, 20).Income(School, 1).Transfer(Transfer.Subsidy, Bureau, Centre, 4);

        var report = Consolidating.Report(Pack, current, before.Books());
        new Quantities(Pack, report.Books).Find("收入合计@上年", Narrowing.None)!.Total(report.Books).ShouldBe(21_00);
        report.Findings.ShouldBeEmpty();

        var fewer = Consolidating.Report(Pack, current, before.Books(Bureau, Centre));
        new Quantities(Pack, fewer.Books).Find("收入合计@上年", Narrowing.None)!.Total(fewer.Books).ShouldBe(20_00);
        var finding = fewer.Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Arguments[0], finding.Arguments[1]).ShouldBe((ConsolidationRule.ScopeChanged, "301002 示例学校", ""));
    }

    [Fact]
    public void Last_year_is_unknown_when_its_units_are_or_one_has_no_books()
    {
        var current = new Group().Close(Bureau, Centre, School).Books();
        var before = new Group(2023).Books();
        UnitBooks[] incomplete = [.. before.Take(2), new(School, YearBooks.From(new(2023), []))];

        Consolidating.Report(Pack, current, null).Findings.ShouldBeEmpty();
        var alone = Consolidating.Report(Pack, current, [before[0]]);
        (alone.Books.Prior, alone.Findings.Single().Rule).ShouldBe((null, ConsolidationRule.PriorScopeUnknown));
        var partly = Consolidating.Report(Pack, current, incomplete);
        (partly.Books.Prior, partly.Findings.Single().Rule, partly.Findings.Single().Arguments[1]).ShouldBe(
            (null, ConsolidationRule.PriorUnitNotOpened, "301002 示例学校"));
    }
}
