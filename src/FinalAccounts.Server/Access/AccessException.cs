namespace FinalAccounts.Server.Access;

/// <summary>Why something about an account was refused. The text of each is in Messages.resx under <c>Problem</c> and its name.</summary>
public enum AccessProblem
{
    /// <summary>Name, password or both are wrong, or the account is locked; which of them is not told.</summary>
    SignInFailed,
    NameWrong,
    NameTaken,
    PasswordTooShort,
    PasswordTooLong,

    /// <summary>The password is the login name, or contains it.</summary>
    PasswordIsName,

    /// <summary>The new password is the old one.</summary>
    PasswordUnchanged,

    /// <summary>The new password and its repetition differ.</summary>
    PasswordsDiffer,

    /// <summary>The password given as the present one is not.</summary>
    PresentPasswordWrong,
    AssignmentIncomplete,
    TooManyAssignments,

    /// <summary>An administrator can't lock the own account or give up the own role, so that one is always left.</summary>
    OwnAdministration,

    /// <summary>Somebody else has changed the user in between.</summary>
    ChangedMeanwhile,
    NoSuchUser,
    LabelWrong,
    TokenDaysWrong,
    TooManyTokens,

    /// <summary>A unit is added to a department whose books the account may not read.</summary>
    MemberClosed,

    /// <summary>A token can't make tokens, so that revoking it is the end of it.</summary>
    TokenByToken,
}

/// <summary>Something about an account was refused.</summary>
public sealed class AccessException(AccessProblem problem, params object[] arguments) : Exception(problem.ToString())
{
    public AccessProblem Problem { get; } = problem;

    public IReadOnlyList<object> Arguments { get; } = arguments;
}
