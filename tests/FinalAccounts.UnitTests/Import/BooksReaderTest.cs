using System.Text;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

public class BooksReaderTest
{
    private static readonly Books Sample = ReadSample();

    [Fact]
    public void The_sample_is_read_without_a_finding()
    {
        using var copy = new BooksCopy();
        var result = copy.Read();

        result.Errors.Listed.ShouldBeEmpty();
        result.Books!.FiscalYear.ShouldBe(new FiscalYear(2024));
        result.Books.FormPack.ShouldBe("hunan-2024");
        result.Books.Missing.ShouldBe(["balances.csv"]);
    }

    [Fact]
    public void The_sample_has_as_many_vouchers_as_its_description_says()
    {
        Commands<PostExpenditure>().Count.ShouldBe(367);
        Commands<ReverseExpenditure>().Count.ShouldBe(2);
        Commands<ReceiveIncome>().Count.ShouldBe(15);
        Commands<AppropriateBudget>().Count.ShouldBe(1);
        Commands<SupplementBudget>().Count.ShouldBe(4);
        Commands<PostExpenditure>().Select(e => e.Date.Month).Distinct().Count().ShouldBe(12);
    }

    /// <summary>
    /// 公开03 prints 万元 with two decimals; the fen are those of the constructed books. Rounded half-up from fen each gives the
    /// printed cell: 456,075.00 元 → 45.61; 5,736,600.00 → 573.66; 320,700.00 → 32.07; 197,400.00 → 19.74; 547,775.00 → 54.78;
    /// 71,400.00 → 7.14; 267,600.00 → 26.76; 229,875.00 → 22.99; 105,700.00 → 10.57; 72,900.00 → 7.29; 410,875.00 → 41.09.
    /// Their sum 8,416,900.00 → 841.69 is the printed total.
    /// </summary>
    [Fact]
    public void Spending_by_function_is_that_of_the_published_table()
    {
        var expected = new Dictionary<string, long>
        {
            ["2010501"] = 45_607_500,
            ["2080101"] = 573_660_000,
            ["2080199"] = 32_070_000,
            ["2080501"] = 19_740_000,
            ["2080505"] = 54_777_500,
            ["2080599"] = 7_140_000,
            ["2089999"] = 26_760_000,
            ["2101101"] = 22_987_500,
            ["2101103"] = 10_570_000,
            ["2101199"] = 7_290_000,
            ["2210201"] = 41_087_500,
        };

        NetSpending(line => line.Function.ToString()).ShouldBe(expected, ignoreOrder: true);
        expected.Values.Sum().ShouldBe(841_690_000);

        // The department spends what it receives: 公开02 prints the same amounts as 公开03.
        Commands<ReceiveIncome>().SelectMany(e => e.Lines).GroupBy(l => l.Function.ToString())
            .ToDictionary(g => g.Key, g => g.Sum(l => l.Amount).Fen)
            .ShouldBe(expected, ignoreOrder: true);
    }

    /// <summary>公开06 in 万元: each printed cell is the fen below divided by 1,000,000 and rounded half-up (30101: 143.783 → 143.78).</summary>
    [Theory]
    [InlineData("30101", 143_783_000, "143.78")]
    [InlineData("30102", 101_540_000, "101.54")]
    [InlineData("30103", 163_060_000, "163.06")]
    [InlineData("30108", 55_780_000, "55.78")]
    [InlineData("30110", 33_130_000, "33.13")]
    [InlineData("30111", 24_690_000, "24.69")]
    [InlineData("30112", 2_510_000, "2.51")]
    [InlineData("30113", 62_380_000, "62.38")]
    [InlineData("30201", 10_020_000, "10.02")]
    [InlineData("30202", 6_810_000, "6.81")]
    [InlineData("30205", 1_320_000, "1.32")]
    [InlineData("30206", 600_000, "0.60")]
    [InlineData("30207", 3_690_000, "3.69")]
    [InlineData("30209", 3_470_000, "3.47")]
    [InlineData("30211", 750_000, "0.75")]
    [InlineData("30215", 220_000, "0.22")]
    [InlineData("30217", 1_510_000, "1.51")]
    [InlineData("30226", 53_430_000, "53.43")]
    [InlineData("30228", 11_120_000, "11.12")]
    [InlineData("30229", 31_270_000, "31.27")]
    [InlineData("30239", 31_673_000, "31.67")]
    [InlineData("30299", 49_834_000, "49.83")]
    [InlineData("30302", 47_600_000, "47.60")]
    [InlineData("30399", 1_500_000, "1.50")]
    public void Spending_by_economic_item_is_that_of_the_published_table(string economic, long fen, string printed)
    {
        NetSpending(line => line.Economic.ToString())[economic].ShouldBe(fen);
        new Money((fen + 5_000) / 10_000).ToYuan().ShouldBe(printed);
    }

    /// <summary>第三部分 五（三）: 年初预算 694.38 in all; the supplements are 决算 − 年初预算 of four items.</summary>
    [Fact]
    public void Budget_is_that_of_the_published_text()
    {
        Commands<AppropriateBudget>().Single().Lines.Sum(l => l.Amount).ShouldBe(new Money(694_380_000));
        Commands<SupplementBudget>().Select(e => (e.Lines.Single().Function.ToString(), e.Lines.Single().Amount.Fen)).ShouldBe(
            [("2089999", 26_760_000), ("2080199", 32_070_000), ("2080101", 573_660_000 - 504_920_000), ("2080501", 19_740_000)]);

        // The budget for receptions is a line of its own: 1.51 万元 in 公开09.
        Commands<AppropriateBudget>().Single().Lines.Single(l => l.Economic == new EconomicCode("30217")).Amount.ShouldBe(new Money(1_510_000));
    }

    [Fact]
    public void What_is_reported_comes_with_its_names_units_and_fen()
    {
        var reported = Commands<ReportStatistics>().Single();
        reported.Items.ShouldContain(new Statistic("净新增参保职工人数（截至12月底）", 10278, "人"));

        // 37.74 亿元 = 3,774,000,000.00 元.
        reported.Items.ShouldContain(new Statistic("全市基金征缴额（截至12月底）", 377_400_000_000, Statistic.Yuan));
        reported.Meetings!.Sum(m => m.Cost).ShouldBe(new Money(220_000));
        reported.Meetings!.Sum(m => m.Attendees).ShouldBe(45);
        reported.Meetings![0].Name.ShouldBe("全市机关事业单位养老保险参保业务培训");

        Commands<WriteExplanation>().Count.ShouldBe(27);
        Commands<ImportComparatives>().Single().Items.ShouldContain(new Comparative("机关运行经费", new Money(263_837_000)));
        Commands<ImportComparatives>().Single().Year.ShouldBe(new FiscalYear(2023));

        var evaluation = Commands<ReportSelfEvaluation>().Single();
        (evaluation.ScoreHundredths, evaluation.Grade, evaluation.Project).ShouldBe((10000, "优秀", null));
        Commands<SetPerformanceTargets>().Single().Indicators.Sum(i => i.WeightHundredths).ShouldBe(10000);
    }

    [Theory]
    [InlineData("96.26", "分", 9626)]
    [InlineData("0.48", "%", 48)]
    [InlineData("300", "%", 30000)]
    [InlineData("96", "人", 96)]
    public void Scores_and_rates_have_two_decimals_as_yuan_have(string value, string unit, long kept)
    {
        using var copy = new BooksCopy();
        copy.Append("statistics.csv", $"业务数据,考试平均得分,{value},{unit},,");

        var reported = copy.Read().Books!.Year.Select(e => e.Command).OfType<ReportStatistics>().Single();

        reported.Items[^1].ShouldBe(new Statistic("考试平均得分", kept, unit));
    }

    [Fact]
    public void A_number_of_persons_that_is_not_said_is_not_zero()
    {
        using var copy = new BooksCopy();
        copy.Replace("department.yaml", "编制人数: 48\n", "");

        var profile = (ReviseProfile)copy.Read().Books!.Department[^1].Command;

        profile.Headcount.ShouldBe(new Headcount(null, 43, 27));
        EventFacts.Of(new ProfileRevised(profile.Date, "我单位", [], profile.Headcount, null, [], [], [])).Select(f => f.Key.Name)
            .ShouldBe([EventFacts.PersonsInService, EventFacts.PersonsRetired, EventFacts.Offices, EventFacts.Subordinates]);
    }

    [Fact]
    public void Results_may_come_without_problems_and_improvements()
    {
        using var copy = new BooksCopy();
        copy.Write("performance.yaml", "项目:\n  - 项目名称: 甲项目\n    结果日期: 2024-12-31\n    完成情况: 已完成。\n");

        var results = copy.Read().Books!.Year.Select(e => e.Command).OfType<ReportPerformanceResults>().Single();

        (results.Project, results.Achievements, results.Problems, results.Improvements).ShouldBe(("甲项目", "已完成。", "", ""));
    }

    /// <summary>Every {名称} of a text must be a reported statistic, or the document would have a hole.</summary>
    [Fact]
    public void Statistics_that_the_performance_text_names_are_reported()
    {
        var names = Commands<ReportStatistics>().Single().Items.Select(s => s.Name).ToHashSet();
        var used = System.Text.RegularExpressions.Regex.Matches(Commands<ReportPerformanceResults>().Single().Achievements, @"\{([^}|]+)(\|[^}]+)?\}");

        used.Count.ShouldBe(11);
        used.Select(m => m.Groups[1].Value).ShouldAllBe(name => names.Contains(name));
    }

    [Fact]
    public void Nothing_is_spent_before_it_was_granted()
    {
        var left = new Dictionary<FunctionCode, Money>();
        foreach (var entry in Sample.Year)
        {
            var changes = entry.Command switch
            {
                AppropriateBudget e => e.Lines.Select(l => (l.Function, l.Amount)),
                SupplementBudget e => e.Lines.Select(l => (l.Function, l.Amount)),
                PostExpenditure e => e.Lines.Select(l => (l.Function, -l.Amount)),
                ReverseExpenditure e => e.Lines.Select(l => (l.Function, l.Amount)),
                _ => [],
            };

            foreach (var (function, amount) in changes)
            {
                left[function] = left.GetValueOrDefault(function) + amount;
                left[function].ShouldBeGreaterThanOrEqualTo(Money.Zero);
            }
        }

        left.Values.ShouldAllBe(amount => amount.IsZero);
    }

    [Theory]
    [InlineData("utf-8-with-mark")]
    [InlineData("gb18030")]
    public void A_list_is_the_same_in_every_encoding_that_clerks_use(string name)
    {
        using var copy = new BooksCopy();
        foreach (var file in Directory.EnumerateFiles(copy.Folder).Where(f => !f.EndsWith(".md", StringComparison.Ordinal)))
        {
            var encoding = name == "gb18030" ? CodePagesEncodingProvider.Instance.GetEncoding("GB18030")! : new UTF8Encoding(true);
            File.WriteAllText(file, File.ReadAllText(file), encoding);
        }

        var result = copy.Read();

        result.Errors.Listed.ShouldBeEmpty();
        BooksCopy.Encoded(result.Books!).ShouldBe(BooksCopy.Encoded(Sample));
    }

    [Theory]
    [InlineData("金额（元）", "2024/1/5")]
    [InlineData(" 金额(元) ", "2024年1月5日")]
    [InlineData("金额(元)", "2024.01.05")]
    public void Headings_and_dates_are_read_as_clerks_write_them(string amountHeading, string date)
    {
        using var copy = new BooksCopy();
        copy.Replace("budget.csv", "金额(元)", amountHeading);
        copy.Write("budget.csv", copy.Text("budget.csv").Replace("2024-01-05", date).Replace("\n", "\r\n"));

        var result = copy.Read();

        result.Errors.Listed.ShouldBeEmpty();
        BooksCopy.Encoded(result.Books!).ShouldBe(BooksCopy.Encoded(Sample));
    }

    [Fact]
    public void Amounts_may_have_group_separators_when_they_are_quoted()
    {
        using var copy = new BooksCopy();
        copy.Replace("budget.csv", "5034100.00", "\"5,034,100.00\"");

        BooksCopy.Encoded(copy.Read().Books!).ShouldBe(BooksCopy.Encoded(Sample));
    }

    /// <summary>10¹² yuan, the limit of an input, is still accepted; a fen more is refused (see the broken cells).</summary>
    [Fact]
    public void The_largest_amount_is_accepted()
    {
        using var copy = new BooksCopy();
        copy.Append("income.csv", "记-12-900,2024-12-31,入账,2080101,财政拨款收入,一般公共预算,1000000000000.00");

        copy.Read().Books!.Year.Select(e => e.Command).OfType<ReceiveIncome>().ShouldContain(e => e.Lines[0].Amount == Money.InputLimit);
    }

    /// <summary>Columns may stand in any order; text that looks like a formula is text.</summary>
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("@SUM(A1)")]
    [InlineData("-1")]
    public void Text_that_looks_like_a_formula_stays_text(string summary)
    {
        using var copy = new BooksCopy();
        var lines = copy.Lines("income.csv").Select(line => line.Split(',')).ToList();
        copy.Write("income.csv", string.Join('\n', lines.Select((cells, i) => string.Join(',', cells.Reverse()))) + "\n");
        copy.Write("income.csv", copy.Text("income.csv").Replace("1月份财政授权支付额度和直接支付入账,2024-01", summary + ",2024-01"));

        var read = copy.Read();

        read.Errors.Listed.ShouldBeEmpty();
        read.Books!.Year.Select(e => e.Command).OfType<ReceiveIncome>().ShouldContain(e => e.Summary == summary);
    }

    [Fact]
    public void The_order_of_rows_changes_nothing()
    {
        var lists = new[] { "budget.csv", "income.csv", "expenditure.csv" };
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            using var copy = new BooksCopy();
            var random = new System.Random(seed);
            foreach (var list in lists)
            {
                var lines = copy.Lines(list);
                var rows = lines[1..];
                random.Shuffle(rows);
                copy.Write(list, string.Join('\n', [lines[0], .. rows]) + "\n");
            }

            return BooksCopy.Encoded(copy.Read().Books!).SequenceEqual(BooksCopy.Encoded(Sample));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));
    }

    [Fact]
    public void Balances_become_the_opening_and_the_carry_over()
    {
        using var copy = new BooksCopy();
        copy.Write("balances.csv", """
            类型,日期,文号,摘要,功能科目,预算类别,支出性质,项目,金额(元)
            年初结转和结余,,,,2080101,一般公共预算,基本支出,,1000.00
            使用非财政拨款结余,2024-12-20,结余1号,弥补收支差额,,,,,200.00
            结余分配,2024-12-31,结余2号,提取职工福利基金,,,,,50.00
            年末结转和结余,,,,,其他资金,,,150.00
            年末结转和结余,,,,2080101,一般公共预算,基本支出,,1000.00

            """);

        var books = copy.Read().Books!;

        var opening = books.Year.Select(e => e.Command).OfType<FinalAccounts.Ledger.FiscalYears.OpenFiscalYear>().Single();
        opening.OpeningBalances.Single().ShouldBe(new(new FunctionCode("2080101"), Fund.GeneralPublicBudget, SpendingKind.Basic, null, new Money(100_000)));
        var carryOver = books.Year.Select(e => e.Command).OfType<FinalAccounts.Ledger.Closing.DetermineCarryOver>().Single();
        carryOver.Lines.Sum(l => l.Amount).ShouldBe(new Money(115_000));
        books.Year.Select(e => e.Command).OfType<FinalAccounts.Ledger.Closing.UseNonFiscalSurplus>().Single().Amount.ShouldBe(new Money(20_000));
        books.Year.Select(e => e.Command).OfType<FinalAccounts.Ledger.Closing.DistributeSurplus>().Single().Amount.ShouldBe(new Money(5_000));
    }

    [Fact]
    public void A_zero_of_no_fund_says_that_nothing_is_carried_over()
    {
        using var copy = new BooksCopy();
        copy.Write("balances.csv", "类型,摘要,金额(元)\n年末结转和结余,年末没有结转和结余,0.00\n");

        copy.Read().Books!.Year.Select(e => e.Command).OfType<FinalAccounts.Ledger.Closing.DetermineCarryOver>().Single().Lines.ShouldBeEmpty();
    }

    [Fact]
    public void A_reallocation_moves_what_is_negative_to_what_is_positive()
    {
        using var copy = new BooksCopy();
        copy.Append("budget.csv", "调剂,益财预〔2024〕60号,2024-04-01,调整公用经费,2080101,基本支出,,一般公共预算,,-300.00");
        copy.Append("budget.csv", "调剂,益财预〔2024〕60号,2024-04-01,调整公用经费,2101101,基本支出,,一般公共预算,,300.00");

        var moved = copy.Read().Books!.Year.Select(e => e.Command).OfType<ReallocateBudget>().Single();

        (moved.From.Single().Function.ToString(), moved.From.Single().Amount.Fen).ShouldBe(("2080101", 30_000));
        (moved.To.Single().Function.ToString(), moved.To.Single().Amount.Fen).ShouldBe(("2101101", 30_000));
    }

    private static Books ReadSample()
    {
        var result = BooksReader.Read(RepositoryFiles.Sample("yiyang-2024"), BooksCopy.Standards);
        return result.Books ?? throw new InvalidOperationException(string.Join('\n', result.Errors.Listed));
    }

    private static List<T> Commands<T>() => [.. Sample.Year.Select(e => e.Command).OfType<T>()];

    private static Dictionary<string, long> NetSpending(Func<PostingLine, string> key) =>
        Commands<PostExpenditure>().SelectMany(e => e.Lines)
            .Concat(Commands<ReverseExpenditure>().SelectMany(e => e.Lines.Select(l => l with { Amount = -l.Amount })))
            .GroupBy(key)
            .ToDictionary(g => g.Key, g => g.Sum(l => l.Amount).Fen);
}
