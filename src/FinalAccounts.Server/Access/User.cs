namespace FinalAccounts.Server.Access;

/// <summary>A user as stored. What is done to it is noted with it and stored in the same transaction.</summary>
public sealed class User
{
    private readonly List<AuditNote> unwritten = [];

    /// <summary>Never changes.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>The login name; never changes, because events keep it as their actor.</summary>
    public required string Name { get; init; }

    public string NormalizedName { get; set; } = "";

    public string PasswordHash { get; set; } = "";

    /// <summary>Changes with the password and with a lock; a session that has another one ends.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>True until a password that somebody else made is replaced.</summary>
    public bool MustChangePassword { get; set; }

    /// <summary>Locked by an administrator, until unlocked.</summary>
    public bool IsLocked { get; set; }

    /// <summary>Wrong passwords in a row.</summary>
    public int FailedAttempts { get; set; }

    /// <summary>Until when wrong passwords keep it locked.</summary>
    public DateTimeOffset? LockedUntil { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often it was changed; 0 before it is stored.</summary>
    internal int Version { get; set; }

    internal IReadOnlyList<AuditNote> Unwritten => unwritten;

    internal void Note(AuditNote note) => unwritten.Add(note);

    internal void ForgetNotes() => unwritten.Clear();
}
