using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using NodaTime;

namespace FinalAccounts.Server.Imports;

/// <summary>A region as it would stand if a plan were carried out now; nothing is recorded.</summary>
public sealed class PlannedRegion : IRegionBooks
{
    private readonly IRegionBooks region;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<RecordedEvent>> planned;

    /// <param name="head">Where the log stands.</param>
    /// <param name="actor">Who would record it.</param>
    /// <param name="now">When.</param>
    public PlannedRegion(IRegionBooks region, ImportPlan plan, Seal head, string actor, Instant now)
    {
        this.region = region;
        var position = head.Position;
        planned = plan.Streams.ToDictionary(
            s => s.Stream, IReadOnlyList<RecordedEvent> (s) => [.. s.Events.Select(e => new RecordedEvent(++position, now, actor, e))]);
    }

    /// <summary>The events that would be recorded.</summary>
    public IEnumerable<RecordedEvent> Events => planned.Values.SelectMany(e => e).OrderBy(e => e.Position);

    /// <inheritdoc/>
    public async Task<Department> FindDepartmentAsync(string codeOrName, CancellationToken cancellationToken)
    {
        try
        {
            return await region.FindDepartmentAsync(codeOrName, cancellationToken);
        }
        catch (RegionException) when (Registered(codeOrName) is { } registered)
        {
            return new(registered.Code, registered.Name, DepartmentState.Unknown.Apply(registered), 0);
        }
    }

    /// <inheritdoc/>
    public Task<Seal> SealAsync(AsOf asOf, CancellationToken cancellationToken) => region.SealAsync(asOf, cancellationToken);

    /// <inheritdoc/>
    public async Task<YearBooks> ReadAsync(DepartmentCode code, FiscalYear year, AsOf asOf, Seal seal, CancellationToken cancellationToken)
    {
        var recorded = await region.ReadAsync(code, year, asOf, seal, cancellationToken);
        return YearBooks.From(year, [.. recorded.Events, .. Of(Streams.Department(code)), .. Of(Streams.Year(code, year))]);
    }

    /// <inheritdoc/>
    public async Task<MemberLists> ReadMemberListsAsync(FiscalYear year, AsOf asOf, CancellationToken cancellationToken) =>
        planned.Where(s => Streams.IsYear(s.Key, year)).Aggregate(
            await region.ReadMemberListsAsync(year, asOf, cancellationToken),
            (lists, s) => s.Value.Select(e => e.Event).OfType<MembersDetermined>()
                .Aggregate(lists, (l, determined) => l.With(Streams.DepartmentOf(s.Key), determined.Members)));

    private IReadOnlyList<RecordedEvent> Of(string stream) => planned.GetValueOrDefault(stream) ?? [];

    private DepartmentRegistered? Registered(string codeOrName) => Events.Select(e => e.Event).OfType<DepartmentRegistered>()
        .FirstOrDefault(e => e.Code.ToString() == codeOrName || e.Name == codeOrName);
}
