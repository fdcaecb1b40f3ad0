using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using JasperFx.Events;
using Marten.Events.Aggregation;
using NodaTime;

namespace FinalAccounts.CritterStack.Projecting;

/// <summary>A department's year in a few sums, as the projection daemon keeps it.</summary>
/// <param name="Id">The year's stream.</param>
/// <param name="Version">The version of the stream that the sums are of.</param>
/// <param name="Budget">年初预算, in fen.</param>
/// <param name="AdjustedBudget">年初预算 with 追加, 扣回 and 调剂, in fen.</param>
/// <param name="Income">本年收入, in fen.</param>
/// <param name="Expenditure">本年支出, in fen.</param>
public sealed record DepartmentYear(
    string Id, string Department, int Year, YearStatus Status, long Version, Int128 Budget, Int128 AdjustedBudget, Int128 Income, Int128 Expenditure)
{
    internal static DepartmentYear Of(string id, YearOverview year) => new(
        id, year.Department.ToString(), year.Year.Value, year.Status, year.Version, year.Budget, year.AdjustedBudget, year.Income, year.Expenditure);

    internal YearOverview Overview => YearOverview.Of(new(Department), new(Year)) with
    {
        Status = Status,
        Version = Version,
        Budget = Budget,
        AdjustedBudget = AdjustedBudget,
        Income = Income,
        Expenditure = Expenditure,
    };
}

/// <summary>Keeps <see cref="DepartmentYear"/> by the fold that the server's own list of years goes by.</summary>
public sealed partial class DepartmentYearProjection : SingleStreamProjection<DepartmentYear, string>
{
    /// <inheritdoc/>
    public override DepartmentYear? Evolve(DepartmentYear? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (Streams.YearOf(id) is not { } year)
        {
            return null;
        }

        var overview = snapshot?.Overview ?? YearOverview.Of(Streams.DepartmentOf(id), year);
        return DepartmentYear.Of(id, overview.With(new(e.Sequence, Instant.FromDateTimeOffset(e.Timestamp), "", (LedgerEvent)e.Data), e.Version));
    }
}
