using FinalAccounts.Ledger;

namespace FinalAccounts.Reporting;

/// <summary>Selects facts. A part that is null (or empty) selects everything.</summary>
/// <param name="Function">The code or a parent of it.</param>
/// <param name="Economics">Any of the codes, or a parent of one.</param>
/// <param name="Funds">Any of the funds.</param>
/// <param name="Name">The name of a statistic or comparative.</param>
/// <param name="Position">Only what the event at this position of the log says.</param>
public sealed record FactFilter(
    Measure Measure,
    FunctionCode? Function = null,
    IReadOnlyList<EconomicCode>? Economics = null,
    IReadOnlyList<Fund>? Funds = null,
    SpendingKind? Kind = null,
    IncomeSource? Source = null,
    string? Name = null,
    string? Project = null,
    long? Position = null)
{
    /// <summary>What tells filters apart: records compare their lists by reference.</summary>
    internal string Signature => string.Join(
        '|', Measure, Function, string.Join(',', Economics ?? []), string.Join(',', Funds ?? []), Kind, Source, Name, Project, Position);

    public bool Matches(in FactKey key) =>
        key.Measure == Measure
        && (Function is not { } function || (key.Function is { } f && f.IsWithin(function)))
        && (Economics is not { } economics || (key.Economic is { } e && economics.Any(e.IsWithin)))
        && (Funds is not { } funds || (key.Fund is { } fund && funds.Contains(fund)))
        && (Kind is null || key.Kind == Kind)
        && (Source is null || key.Source == Source)
        && (Name is null || key.Name == Name)
        && (Project is null || key.Project == Project);

    /// <summary>
    /// The filter with a further restriction; null when nothing can match both.
    /// </summary>
    public FactFilter? NarrowedBy(Narrowing narrowing)
    {
        var function = Function;
        if (narrowing.Function is { } f)
        {
            if (function is { } own && !f.IsWithin(own))
            {
                if (!own.IsWithin(f))
                {
                    return null;
                }
            }
            else
            {
                function = f;
            }
        }

        var economics = Economics;
        if (narrowing.Economic is { } e)
        {
            if (economics is not null && !economics.Any(e.IsWithin))
            {
                economics = [.. economics.Where(own => own.IsWithin(e))];
                if (economics.Count == 0)
                {
                    return null;
                }
            }
            else
            {
                economics = [e];
            }
        }

        var funds = Funds;
        if (narrowing.Fund is { } fund)
        {
            if (funds is not null && !funds.Contains(fund))
            {
                return null;
            }

            funds = [fund];
        }

        if ((narrowing.Kind is { } kind && Kind is { } ownKind && kind != ownKind)
            || (narrowing.Source is { } source && Source is { } ownSource && source != ownSource)
            || (narrowing.Project is { } project && Project is { } ownProject && project != ownProject))
        {
            return null;
        }

        return this with
        {
            Function = function,
            Economics = economics,
            Funds = funds,
            Kind = narrowing.Kind ?? Kind,
            Source = narrowing.Source ?? Source,
            Project = narrowing.Project ?? Project,
            Position = narrowing.Position ?? Position,
        };
    }
}

/// <summary>Restricts a quantity: the row's function, the column's fund, a project, one event.</summary>
public sealed record Narrowing(
    FunctionCode? Function = null,
    EconomicCode? Economic = null,
    Fund? Fund = null,
    SpendingKind? Kind = null,
    IncomeSource? Source = null,
    string? Project = null,
    long? Position = null)
{
    public static readonly Narrowing None = new();

    public bool IsNone => this == None;

    /// <summary>Both restrictions; where both name the same part, <paramref name="other"/>'s counts.</summary>
    public Narrowing And(Narrowing other) => new(
        other.Function ?? Function,
        other.Economic ?? Economic,
        other.Fund ?? Fund,
        other.Kind ?? Kind,
        other.Source ?? Source,
        other.Project ?? Project,
        other.Position ?? Position);
}
