using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Reporting;

namespace FinalAccounts.Regions;

/// <summary>What a consolidated disclosure was made from.</summary>
/// <param name="Units">The units with their books of the year, the department itself first.</param>
/// <param name="PriorUnits">The same for the year before, with that year's units; empty when it is not known.</param>
public sealed record Consolidation(ConsolidatedReport Report, IReadOnlyList<UnitBooks> Units, IReadOnlyList<UnitBooks> PriorUnits)
{
    public const string FileName = "consolidation.json";

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads the books of the department and of all units below it from one snapshot of the log.</summary>
    /// <exception cref="RegionException">The department has no members, or one has not opened the year.</exception>
    /// <exception cref="RulesException">A unit is a member twice.</exception>
    public static async Task<ReportedYear> BuildAsync(
        IRegionBooks region, string department, FiscalYear year, AsOf asOf, CancellationToken cancellationToken)
    {
        var found = await region.FindDepartmentAsync(department, cancellationToken);
        var seal = await region.SealAsync(asOf, cancellationToken);
        var units = await ReadAsync(region, found.Code, year, asOf, seal, cancellationToken);
        if (units.Count == 1)
        {
            throw new RegionException(RegionProblem.NoMembers, found.Name, year);
        }

        if (units.Where(u => u.Books.Opened is null).Select(u => $"  {u.Unit.Code}  {u.Unit.Name}").ToList() is [_, ..] missing)
        {
            throw new RegionException(RegionProblem.MembersNotOpened, found.Name, year, string.Join('\n', missing));
        }

        var pack = ReportedYear.Pack(units[0].Books.Opened!);
        var prior = year.Value > FiscalYear.First
            ? await ReadAsync(region, found.Code, new(year.Value - 1), asOf, seal, cancellationToken)
            : [];
        var report = Consolidating.Report(pack, units, prior is [{ Books.Opened: not null }, ..] ? prior : null);
        var document = DisclosureBuilder.Build(pack, report.Books, ChartOfAccounts.For(year));
        return new(found, year, report.Books, document, seal) { Consolidation = new(report, units, report.Prior is null ? [] : prior) };
    }

    /// <summary>For JSON: the units with where their books stand, what was eliminated, and what somebody should look at.</summary>
    public object Describe(Words words) => new
    {
        Units = Units.Select(Describe),
        PriorUnits = PriorUnits.Select(Describe),
        Transfers = Report.Current.Transfers.Select(t => new
        {
            Payer = t.Payer.Code.ToString(),
            Receiver = t.Receiver.Code.ToString(),
            Spending = t.Transfer.SpendingKind().Term(),
            Income = t.Transfer.IncomeSource().Term(),
            Fund = t.Fund.Term(),
            PaidFen = (long)t.Paid,
            ReceivedFen = (long)t.Received,
            Eliminated = t.IsEliminated,
        }),
        Findings = Report.Findings.Select(f => new { Rule = f.Rule.ToString(), Text = Text(f, words) }),
    };

    /// <summary>What <see cref="Describe(Words)"/> says, as a file beside the document, in the document's language.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(Describe(new Words(CultureInfo.InvariantCulture)), JsonOptions);

    /// <summary>The same as lines of text.</summary>
    public IEnumerable<string> Lines(Words words) =>
    [
        words["ConsolidatedUnits", Units.Count],
        .. Units.Select(u => "  " + words[
            u.Books.IsClosed ? "ConsolidatedUnitClosed" : "ConsolidatedUnitOpen", u.Unit.Code, u.Unit.Name, u.Books.Events.Count, LastPosition(u)]),
        words["ConsolidatedTransfers", Report.Current.Transfers.Count(t => t.IsEliminated)],
        .. Report.Current.Transfers.Where(t => t.IsEliminated).Select(t => "  " + words[
            "ConsolidatedTransfer", t.Payer.Name, t.Receiver.Name, t.Transfer.SpendingKind().Term(), t.Transfer.IncomeSource().Term(), t.Fund.Term(),
            Yuan.Of(t.Paid)]),
        .. Report.Findings.Select(f => words["Warning", Text(f, words)]),
    ];

    private static string Text(ConsolidationFinding finding, Words words) => words[$"Consolidation{finding.Rule}", finding.Arguments];

    private static object Describe(UnitBooks unit) => new
    {
        Code = unit.Unit.Code.ToString(),
        unit.Unit.Name,
        Year = unit.Books.Year.Value,
        unit.Books.IsClosed,
        Events = unit.Books.Events.Count,
        LastPosition = LastPosition(unit),
    };

    private static long LastPosition(UnitBooks unit) => unit.Books.Events[^1].Position;

    /// <summary>The books of the department and of the units that it had in the year.</summary>
    private static async Task<IReadOnlyList<UnitBooks>> ReadAsync(
        IRegionBooks region, DepartmentCode department, FiscalYear year, AsOf asOf, Seal seal, CancellationToken cancellationToken)
    {
        var lists = await region.ReadMemberListsAsync(year, asOf with { Position = seal.Position }, cancellationToken);
        if (lists.Check(department) is [_, ..] findings)
        {
            throw new RulesException(findings);
        }

        var units = new List<UnitBooks>();
        foreach (var code in lists.Scope(department))
        {
            var books = await region.ReadAsync(code, year, asOf, seal, cancellationToken);
            units.Add(new(new(code, books.Department?.Name ?? code.ToString()), books));
        }

        return units;
    }
}
