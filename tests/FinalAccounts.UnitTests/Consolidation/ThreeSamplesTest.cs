using System.Globalization;
using System.Text.RegularExpressions;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using FinalAccounts.UnitTests.Import;
using NodaTime;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Consolidation;

/// <summary>
/// Three sample units as one department, under one form and in one region, with transfers between them. All amounts of the
/// transfers are in 其他资金, so that the tables of the treasury's money add up without a difference.
/// </summary>
public sealed partial class ThreeSamplesTest
{
    /// <summary>The department pays its units 100,000.37 and 49,999.63; the first pays back 12,345.67.</summary>
    private static readonly Money FirstSubsidy = new(10_000_037);
    private static readonly Money SecondSubsidy = new(4_999_963);
    private static readonly Money Subsidies = FirstSubsidy + SecondSubsidy;
    private static readonly Money Remitted = new(1_234_567);
    private static readonly Money Both = Subsidies + Remitted;

    private static readonly Lazy<IReadOnlyList<UnitBooks>> Read = new(ReadUnits);

    private static IReadOnlyList<UnitBooks> Units => Read.Value;

    /// <summary>What is eliminated in the cells of 公开01–03, in fen; 公开04 and 05 have nothing.</summary>
    private static readonly Dictionary<string, Money> Eliminated = new()
    {
        // Income: the subsidies on 2080101 and 2080107 of the units, the remittance on 2080199 of the department.
        ["公开01/4/金额"] = Subsidies,
        ["公开01/7/金额"] = Remitted,
        ["公开01/27/金额"] = Both,
        ["公开01/30/金额"] = Both,
        ["公开02/2080101/本年收入合计"] = FirstSubsidy,
        ["公开02/2080101/上级补助收入"] = FirstSubsidy,
        ["公开02/2080107/本年收入合计"] = SecondSubsidy,
        ["公开02/2080107/上级补助收入"] = SecondSubsidy,
        ["公开02/2080199/本年收入合计"] = Remitted,
        ["公开02/2080199/附属单位上缴收入"] = Remitted,

        // Expenditure: the subsidies on 2080199 of the department, the remittance on 2080101 of the unit.
        ["公开01/38/金额"] = Both,
        ["公开01/57/金额"] = Both,
        ["公开01/60/金额"] = Both,
        ["公开03/2080199/本年支出合计"] = Subsidies,
        ["公开03/2080199/对附属单位补助支出"] = Subsidies,
        ["公开03/2080101/本年支出合计"] = Remitted,
        ["公开03/2080101/上缴上级支出"] = Remitted,
    };

    static ThreeSamplesTest()
    {
        foreach (var above in new[] { "合计", "208", "20801" })
        {
            Eliminated[$"公开02/{above}/本年收入合计"] = Both;
            Eliminated[$"公开02/{above}/上级补助收入"] = Subsidies;
            Eliminated[$"公开02/{above}/附属单位上缴收入"] = Remitted;
            Eliminated[$"公开03/{above}/本年支出合计"] = Both;
            Eliminated[$"公开03/{above}/对附属单位补助支出"] = Subsidies;
            Eliminated[$"公开03/{above}/上缴上级支出"] = Remitted;
        }
    }

    [Fact]
    public void Every_cell_of_the_tables_is_the_sum_of_the_units_cells_less_the_eliminations()
    {
        var consolidated = Consolidating.Consolidate(Pack, Units);
        consolidated.Transfers.ShouldAllBe(t => t.IsEliminated);
        consolidated.Transfers.Count.ShouldBe(3);
        consolidated.Findings.ShouldAllBe(f => f.Rule == ConsolidationRule.StatisticNotReported);
        consolidated.Books.IsClosed.ShouldBeTrue();

        var made = Cells(consolidated.Books);
        var units = Units.Select(u => Cells(u.Books)).ToList();
        units.SelectMany(u => u.Keys).Concat(Eliminated.Keys).ShouldBeSubsetOf(made.Keys);
        foreach (var (address, value) in made)
        {
            var expected = units.Aggregate((Int128)0, (sum, unit) => sum + unit.GetValueOrDefault(address)) - Eliminated.GetValueOrDefault(address).Fen;
            value.ShouldBe(expected, address);
        }

        made["公开01/30/金额"].ShouldBe(made["公开01/60/金额"]);
        made["公开04/32/金额"].ShouldBe(made["公开04/64/合计"]);
        made.Count.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void Every_figure_of_the_document_is_explained_by_its_units()
    {
        ReportBooks books = new(Consolidating.Consolidate(Pack, Units).Books, null);
        foreach (var figure in Document(books).Figures)
        {
            foreach (var sum in figure.Query.Sums.Select(s => ExplainedSum.Of(s, books)))
            {
                sum.Units.Aggregate((Int128)0, (total, unit) => total + unit.Total).ShouldBe(sum.Total, figure.Address);
            }
        }
    }

    private static FormPack Pack => FormPack.Load("hunan-2024")!;

    /// <summary>The exact values of the cells of 公开01 to 05, blank ones included.</summary>
    private static Dictionary<string, Int128> Cells(YearBooks books) => Document(new(books, null)).Figures
        .Where(f => TableAddress().IsMatch(f.Address)).ToDictionary(f => f.Address, f => f.Exact.Numerator);

    private static DisclosureDocument Document(ReportBooks books) => DisclosureBuilder.Build(Pack, books, ChartOfAccounts.For(books.Current.Year));

    private static IReadOnlyList<UnitBooks> ReadUnits()
    {
        const string department = "117005", first = "208010", second = "128003";
        var position = 0;
        return
        [
            Unit("yiyang-2024", department,
                [
                    Row("其他收入", Subsidies, "2080199"),
                    Row("附属单位上缴收入", Remitted, "2080199", first),
                ],
                [
                    Row("对附属单位补助支出", "其他收入", FirstSubsidy, "2080199", first),
                    Row("对附属单位补助支出", "其他收入", SecondSubsidy, "2080199", second),
                    Row("基本支出", "附属单位上缴收入", Remitted, "2080101"),
                ]),
            Unit("huaihua-2024", first,
                [Row("上级补助收入", FirstSubsidy, "2080101", department), Row("事业收入", Remitted, "2080101")],
                [Row("基本支出", "上级补助收入", FirstSubsidy, "2080101"), Row("上缴上级支出", "事业收入", Remitted, "2080101", department)]),
            Unit("haidong-2024", second,
                [Row("上级补助收入", SecondSubsidy, "2080107", department)],
                [Row("基本支出", "上级补助收入", SecondSubsidy, "2080107")]),
        ];

        UnitBooks Unit(string sample, string code, string[] income, string[] expenditure)
        {
            using var copy = new BooksCopy(sample);
            copy.Write("department.yaml", FormPackLine().Replace(copy.Text("department.yaml"), "报表格式: hunan-2024"));

            // Written for the forms that the units have by themselves.
            File.Delete(copy.PathOf("explanations.yaml"));
            File.Delete(copy.PathOf("performance.yaml"));
            Append(copy, "income.csv", income, "转-");
            Append(copy, "expenditure.csv", expenditure, "转付-");
            var events = Closed(copy.Read()).Select(e => new RecordedEvent(++position, Instant.FromUtc(2025, 1, 1, 0, 0), "财务科", e)).ToList();
            var books = YearBooks.From(new(2024), events);
            return new(new(new(code), books.Department!.Name), books);
        }
    }

    private static string Row(string source, Money amount, string function, string counterparty = "") =>
        $"2024-06-03,单位之间往来,{function},{source},其他资金,{amount.ToYuan()},{counterparty}";

    private static string Row(string kind, string source, Money amount, string function, string counterparty = "") =>
        $"2024-06-04,单位之间往来,{function},30201,其他资金,{kind},,{source},{amount.ToYuan()},,{counterparty}";

    /// <summary>Adds the column 对方单位 and the rows, each with a number of its own.</summary>
    private static void Append(BooksCopy copy, string file, string[] rows, string prefix)
    {
        var lines = copy.Lines(file);
        copy.Write(file, string.Join('\n', lines.Skip(1).Select(l => l + ",").Prepend(lines[0] + ",对方单位")
            .Concat(rows.Select((row, i) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i},{row}")))) + "\n");
    }

    /// <summary>The events of an import into an empty log and of the close after it.</summary>
    private static IReadOnlyList<LedgerEvent> Closed(ReadResult read)
    {
        read.Errors.Listed.ShouldBeEmpty();
        var plan = ImportPlan.Make(read.Books!, [], []);
        plan.Errors.Listed.ShouldBeEmpty();
        var (department, year) = (plan.Plan!.Streams[0].Events, plan.Plan.Streams[1].Events);
        var close = Deciding.Decide(
            DepartmentState.Fold(department), YearState.Fold(year), read.Books!.ChartOfAccounts, new CloseYear(new(2024, 12, 31), new Seal(1, new string('a', 64))));
        close.Refusals.ShouldBeEmpty();
        return [.. department, .. year, .. close.Events];
    }

    [GeneratedRegex("^公开0[1-5]/")]
    private static partial Regex TableAddress();

    [GeneratedRegex("报表格式: .*")]
    private static partial Regex FormPackLine();
}
