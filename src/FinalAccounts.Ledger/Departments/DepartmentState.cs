namespace FinalAccounts.Ledger.Departments;

/// <summary>A department's master data, folded from its stream.</summary>
/// <param name="Registration">Null until the department is registered.</param>
/// <param name="Profile">The last revision; null until there is one.</param>
public sealed record DepartmentState(DepartmentRegistered? Registration, ProfileRevised? Profile)
{
    /// <summary>A department of which nothing is known.</summary>
    public static readonly DepartmentState Unknown = new(null, null);

    public bool IsRegistered => Registration is not null;

    /// <summary>The state after all events of a department's stream.</summary>
    public static DepartmentState Fold(IEnumerable<LedgerEvent> events) => events.Aggregate(Unknown, (state, e) => state.Apply(e));

    /// <summary>True when the command has been carried out already and would tell nothing new, its date left aside.</summary>
    public bool Holds(DepartmentCommand command) => command.IsIn(this);

    /// <exception cref="ArgumentException">The event does not belong to a department's stream.</exception>
    public DepartmentState Apply(LedgerEvent @event) => @event switch
    {
        DepartmentRegistered e => this with { Registration = e },
        ProfileRevised e => this with { Profile = e },
        _ => throw new ArgumentException($"{@event.GetType().Name} does not belong to a department's stream."),
    };
}
