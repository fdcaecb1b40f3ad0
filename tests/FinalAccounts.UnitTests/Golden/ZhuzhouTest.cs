using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting;
using FinalAccounts.UnitTests.Reporting;
using NodaTime;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>株洲市社会保险服务中心 2020.</summary>
public class ZhuzhouTest() : GoldenTest("zhuzhou-2020", new(
    Cells: (527, 527),
    Numbers: (213, 213),
    // 4、 lacks a 的, 6. has a point for 、.
    Blocks: (27, 29),
    // 62 + 15 + 15 + 64 + 24 + 82 + 1 + 1 + 1 rows of 公开01 to 09.
    Rows: (265, 265),
    // 4 of the cover, 4 of each of 9 tables, 8 terms; the transcribed title leaves out 部门决算.
    Labels: (47, 48),
    // 17 sections of the attached report; an office's name in one, two projects without spending in another.
    Performance: (15, 17)))
{
    private const string Office = "30201";

    [Fact]
    public void A_further_posting_changes_every_cell_and_sentence_that_depends_on_it()
    {
        // 10.00 万元 of office supplies in the ordinary running of 2080101: 618.04 becomes 628.04, 1,484.80 becomes 1,494.80.
        var document = With(new ExpenditurePosted(Day, "记-12-900", "购买办公用品",
            [new(new("2080101"), new(Office), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, Yuan(100_000))]));

        var cells = document.Figures.ToDictionary(f => f.Address, f => f.Printed);
        cells["公开01/58/金额"].ShouldBe("1,494.80");
        cells["公开03/2080101/基本支出"].ShouldBe("628.04");
        cells["公开04/40/一般公共预算财政拨款"].ShouldBe("765.50");
        cells["公开05/208/本年支出/小计"].ShouldBe("765.50");
        cells["公开06/30201/决算数"].ShouldBe("24.38");
        cells["公开06/公用经费合计/决算数"].ShouldBe("202.37");

        Text(document, "三、支出").ShouldBe("本年支出合计1494.8万元，其中：基本支出1346.56万元，占90.1%；项目支出148.24万元，占9.9%。");
        Text(document, "一、收入").ShouldStartWith("2020年度收入总计1484.8万元，支出总计1494.8万元。收入总计与上年相比，增加108.57万元，");
        Text(document, "（一）一般公共预算").ShouldStartWith("2020年度一般公共预算财政拨款支出1494.8万元，占本年支出合计的100.0%，与上年相比，增加118.57万元，增长8.6%，");
        Text(document, "（二）一般公共预算").ShouldEndWith("一般公共服务（类）支出729.3万元，占48.8%；社会保障和就业支出（类）支出765.5万元，占51.2%。");
        Text(document, "（三）一般公共预算").ShouldContain("支出决算数为1494.8万元，完成年初预算的108.9%");
        Text(document, "3、").ShouldStartWith("年初预算为597.11万元，支出决算为628.04万元，完成年初预算的105.2%。决算数大于年初预算数");
        Text(document, "六、").ShouldContain("公用经费202.37万元，占基本支出的15.0%");
        Text(document, "十、").ShouldStartWith("2020年度机关运行经费支出202.37万元，比年初预算数减少98.46万元，下降32.7%，");
        Text(document, "十、").ShouldContain("比上年决算数减少20.93万元，下降9.4%。");
        Text(document, "（1）单位部门").ShouldContain("基本支出1346.56万元，其中工资和福利支出为1009.59万元，商品和服务支出为202.37万元");
    }

    [Fact]
    public void Spending_less_than_the_budget_turns_the_sentence()
    {
        var document = With(Posting("2080101", "30226", -120_000), Posting("2080101", "30239", -500_000));

        // 618.04 − 12 − 50 = 556.04 of 597.11: 93.12 %.
        Text(document, "3、").ShouldStartWith("年初预算为597.11万元，支出决算为556.04万元，完成年初预算的93.1%。决算数小于年初预算数的主要原因是：");
        Text(document, "一、收入").ShouldContain("支出总计1422.8万元");
    }

    [Fact]
    public void A_reception_more_turns_less_into_more()
    {
        // 19,400 + 600 = 20,000 against 19,440 last year: 0.056 万元 or 2.9 % more; two decimals are enough to say so.
        var document = With(Posting("2080101", "30217", 600));

        Text(document, "（一）“三公”").ShouldContain(
            "公务接待费支出预算为1.94万元，支出决算为2万元，完成预算的103.1%，与上年相比增加0.06万元，增加2.9%，增加的主要原因是");
        Text(document, "（二）“三公”").ShouldContain("公务接待费支出决算2万元，占24.0%");
        Text(document, "（1）单位部门").ShouldContain("公务接待费2万元");
    }

    [Fact]
    public void Another_reported_number_changes_the_sums_and_rates_of_the_report()
    {
        // 在职 753,500 + 10,000; 实际缴费 6,741 of 13,482 is a half.
        var document = With(new StatisticsReported(Day, [new("企业职工养老在职", 763_500, "人"), new("养老实际缴费", 6_741, "人")], null));

        var text = Text(document, "2.部门整体");
        text.ShouldContain("参保108.23万人，其中在职76.35万人，离退休31.88万人");
        text.ShouldContain("养老实际缴费6741人，缴费率50%，");
    }

    [Fact]
    public void A_project_added_during_the_year_is_told()
    {
        var document = With(
            new BudgetSupplemented(Day, "株财社指〔2020〕300号", "窗口改造经费",
                [new(new("2080199"), Fund.GeneralPublicBudget, SpendingKind.Project, "窗口改造", null, Yuan(50_000))]),
            new ExpenditurePosted(Day, "记-12-901", "窗口改造",
                [new(new("2080199"), new("30213"), Fund.GeneralPublicBudget, SpendingKind.Project, "窗口改造", IncomeSource.FiscalAppropriation, Yuan(40_000))]));

        // 100.24 + 5; 1,372.45 + 112.35 + 5.
        var projects = document.Parts.OfType<TextPart>().Single(p => p.Key == "attachment").Blocks.Single(b => b.Heading.Length == 0).Text;
        projects.ShouldContain("；年中追加项目“窗口改造”5万元，实际支出4万元，共计105.24万元。");
        Text(document, "二、预算收支").ShouldStartWith("2020年预算收入1489.8万元，其中年初预算1372.45万元，调整追加117.35万元。");
    }

    [Fact]
    public void Without_last_years_figures_the_sentences_say_so()
    {
        var document = Sample.Report(Books(Sample.Recorded.Where(r => r.Event is not ComparativesImported)));

        Text(document, "一、收入").ShouldBe("2020年度收、支总计1484.8万元。上一年度决算数未取得，暂不比较。");
        Text(document, "（一）“三公”").ShouldContain("公务接待费支出预算为1.94万元，支出决算为1.94万元，完成预算的100.0%，上一年度决算数未取得，暂不比较。");
    }

    [Fact]
    public void A_department_without_any_money_has_a_document_too()
    {
        var document = Sample.Report(Books(Sample.Recorded.Where(r => r.Event is DepartmentRegistered or ProfileRevised or FiscalYearOpened)));

        Text(document, "二、收入").ShouldBe("本年收入合计0万元。");
        Text(document, "三、支出").ShouldBe("本年支出合计0万元。");
        Text(document, "（二）一般公共预算").ShouldBe("2020年度一般公共预算财政拨款支出0万元。");
        Text(document, "（三）一般公共预算").ShouldBe("2020年度一般公共预算财政拨款支出年初预算数为0万元，一般公共预算财政拨款支出决算数为0万元。");
        Text(document, "六、").ShouldBe("2020年度一般公共预算财政拨款基本支出0万元。");
        Text(document, "（一）“三公”").ShouldStartWith("“三公”经费财政拨款支出预算为0万元，支出决算为0万元，其中：");
        Text(document, "（二）“三公”").ShouldContain("公务接待费支出决算0万元，占0.0%，");
        Text(document, "十、").ShouldBe("2020年度机关运行经费支出0万元，与年初预算数持平；上一年度决算数未取得，暂不比较。");
        Text(document, "十二、").ShouldContain("〔未填报：政府采购支出总额〕");
        Text(document, "十四、").ShouldBe("本单位未开展2020年度部门整体支出绩效自评。");
        Text(document, "二、预算收支").ShouldStartWith("2020年预算收入0万元，其中年初预算0万元，调整追加0万元。");

        // The six items that stand without data stand with their six parents, and nothing else.
        document.Tables.Single(t => t.Id == "公开05").Rows.Count.ShouldBe(1 + 12);
        document.Tables.Single(t => t.Id == "公开05").Rows[0].Cells[0].Text.ShouldBe("0.00");
        document.Tables.Single(t => t.Id == "公开02").Rows.Count.ShouldBe(1);
        document.Tables.Single(t => t.Id == "公开08").Rows.Single().Cells.ShouldAllBe(c => c.Text == null);
    }

    [Fact]
    public void Other_income_and_funds_are_told_when_there_are_any()
    {
        var document = With(
            new IncomeReceived(Day, "记-12-902", "利息", [new(new("2080101"), IncomeSource.Other, Fund.Other, Yuan(150_000))]),
            new IncomeReceived(Day, "记-12-903", "基金拨款", [new(new("2080101"), IncomeSource.FiscalAppropriation, Fund.GovernmentFund, Yuan(20_000))]));

        // 1,484.80 + 15 + 2.
        Text(document, "二、收入").ShouldBe("本年收入合计1501.8万元，其中：财政拨款收入1486.8万元，占99.0%；其他收入15万元，占1.0%。");
        Text(document, "八、").ShouldStartWith("2020年度政府性基金预算财政拨款年初结转和结余0万元，本年收入2万元，");
        Text(document, "二、预算收支").ShouldContain("其他资金来源15万元。");
        document.Tables.Single(t => t.Id == "公开08").Notes.Single().ShouldNotContain("无数据");
    }

    [Fact]
    public void Every_number_of_the_document_has_events_that_add_up_to_its_exact_value()
    {
        foreach (var figure in Sample.Document.Figures)
        {
            ProvenanceTest.AddUp(figure, Sample.Books).ShouldBe(figure.Exact, figure.Address);
        }
    }

    private static LocalDate Day => new(2020, 12, 31);

    private static Money Yuan(long yuan) => new(yuan * 100);

    private static LedgerEvent Posting(string function, string economic, long yuan)
    {
        PostingLine line = new(new(function), new(economic), Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, Yuan(Math.Abs(yuan)));
        return yuan > 0
            ? new ExpenditurePosted(Day, $"记-12-9{economic}", "补记", [line])
            : new ExpenditureReversed(Day, $"记-12-9{economic}", "记-12-001", "冲销", [line]);
    }

    private static string Text(DisclosureDocument document, string heading) =>
        document.Parts.OfType<TextPart>().SelectMany(p => p.Blocks).First(b => b.Heading.StartsWith(heading, StringComparison.Ordinal)).Text;

    private ReportBooks Books(IEnumerable<RecordedEvent> recorded) => Sample.Books with { Current = YearBooks.From(Sample.Year, recorded) };

    private DisclosureDocument With(params IReadOnlyList<LedgerEvent> events)
    {
        var last = Sample.Recorded.Max(r => r.Position);
        return Sample.Report(Books([.. Sample.Recorded, .. events.Select((e, i) => Sample.Recorded[0] with { Position = last + 1 + i, Event = e })]));
    }
}
