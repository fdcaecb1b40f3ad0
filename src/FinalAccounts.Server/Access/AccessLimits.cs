namespace FinalAccounts.Server.Access;

/// <summary>What accounts, tokens and sign-ins may bring.</summary>
public static class AccessLimits
{
    /// <summary>Characters of a login name; it is the actor of events, which take as many.</summary>
    public const int NameCharacters = 100;

    public const int LeastPasswordCharacters = 12;

    /// <summary>Longer ones only cost time to hash.</summary>
    public const int PasswordCharacters = 200;

    /// <summary>Wrong passwords in a row until the account is locked for <see cref="LockoutMinutes"/>.</summary>
    public const int WrongPasswords = 5;

    public const int LockoutMinutes = 15;

    /// <summary>Rounds of PBKDF2 with SHA-512 for a password (OWASP's recommendation of 2023).</summary>
    public const int HashRounds = 210_000;

    /// <summary>A session without requests ends after this.</summary>
    public const int SessionHours = 8;

    /// <summary>Characters of a token's label.</summary>
    public const int LabelCharacters = 100;

    public const int TokenDays = 366;

    public const int DefaultTokenDays = 90;

    /// <summary>Tokens of one account that are neither revoked nor expired.</summary>
    public const int TokensPerAccount = 50;

    public const int AssignmentsPerAccount = 2_000;

    /// <summary>Entries of the access audit, or users, on one page of a list.</summary>
    public const int PageSize = 200;
}
