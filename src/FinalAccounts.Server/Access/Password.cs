using System.Security.Cryptography;

namespace FinalAccounts.Server.Access;

/// <summary>Passwords that the program makes up, and the rule for those that people choose.</summary>
public static class Password
{
    // No letter that could be read as another: neither i, l, o nor 0, 1.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Groups = 4;
    private const int GroupLength = 4;

    /// <summary>Four groups of four letters or digits: 79 bits.</summary>
    public static string New() =>
        string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Letters, GroupLength)));

    /// <summary>Long, and not the name; no rule on kinds of characters, which makes passwords no better (NIST SP 800-63B, 5.1.1.2).</summary>
    /// <exception cref="AccessException">The password breaks the rule.</exception>
    public static void Check(string password, string name)
    {
        if (password.Length < AccessLimits.LeastPasswordCharacters)
        {
            throw new AccessException(AccessProblem.PasswordTooShort, AccessLimits.LeastPasswordCharacters);
        }

        if (password.Length > AccessLimits.PasswordCharacters)
        {
            throw new AccessException(AccessProblem.PasswordTooLong, AccessLimits.PasswordCharacters);
        }

        if (password.Contains(name, StringComparison.OrdinalIgnoreCase))
        {
            throw new AccessException(AccessProblem.PasswordIsName);
        }
    }
}
