using System.Collections.Immutable;
using NodaTime;

namespace FinalAccounts.Ledger.Departments;

/// <summary>A department's master data, folded from its stream.</summary>
public sealed record DepartmentState
{
    /// <summary>A department of which nothing is known.</summary>
    public static readonly DepartmentState Unknown = new();

    /// <summary>Null until the department is registered.</summary>
    public DepartmentRegistered? Registration { get; private init; }

    /// <summary>
    /// The profiles in the order of their dates, the last one recorded of each date. An earlier year may be entered after a
    /// later one, so that the order of recording does not say which profile holds when.
    /// </summary>
    private ImmutableSortedDictionary<LocalDate, ProfileRevised> Profiles { get; init; } = ImmutableSortedDictionary<LocalDate, ProfileRevised>.Empty;

    /// <summary>The profile with the latest date; null until there is one.</summary>
    public ProfileRevised? Profile => Profiles.IsEmpty ? null : Profiles.Values.Last();

    public bool IsRegistered => Registration is not null;

    /// <summary>The state after all events of a department's stream.</summary>
    public static DepartmentState Fold(IEnumerable<LedgerEvent> events) => events.Aggregate(Unknown, (state, e) => state.Apply(e));

    /// <summary>True when the command has been carried out already and would tell nothing new, its date left aside.</summary>
    public bool Holds(DepartmentCommand command) => command.IsIn(this);

    /// <summary>The profile that holds on a day: the last one dated so or before; null when there is none.</summary>
    public ProfileRevised? ProfileOn(LocalDate day) => Profiles.LastOrDefault(p => p.Key <= day).Value;

    /// <exception cref="ArgumentException">The event does not belong to a department's stream.</exception>
    public DepartmentState Apply(LedgerEvent @event) => @event switch
    {
        DepartmentRegistered e => this with { Registration = e },
        ProfileRevised e => this with { Profiles = Profiles.SetItem(e.Date, e) },
        _ => throw new ArgumentException($"{@event.GetType().Name} does not belong to a department's stream."),
    };
}
