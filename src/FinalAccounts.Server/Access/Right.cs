namespace FinalAccounts.Server.Access;

/// <summary>
/// What somebody may do. Roles have rights over regions and departments; which role has which stands in one table
/// (<see cref="RoleRights"/>, docs/access.md), and every route names the one that it needs.
/// </summary>
public enum Right
{
    /// <summary>Sign in and what needs no account: the sign-in page, health.</summary>
    Anything,

    /// <summary>Read what was published.</summary>
    ReadPublished,

    /// <summary>Manage the own account: password, own tokens, sign out. Everybody who is signed in.</summary>
    OwnAccount,

    /// <summary>
    /// Read books, figures and documents that are not published yet. A route without a department, or without a region, is a list:
    /// it is open to whoever may read a part of it, and shows that part only.
    /// </summary>
    ReadBooks,

    /// <summary>Read what belongs to a region as a whole: its log, all its departments' books.</summary>
    ReadRegion,

    /// <summary>Import, post, reverse and explain (经办).</summary>
    Record,

    /// <summary>Submit the final accounts to the bureau (报送).</summary>
    Submit,

    /// <summary>Close the year (结账).</summary>
    Close,

    /// <summary>Open a closed year again, with a reason (反结账).</summary>
    Reopen,

    /// <summary>Publish the disclosure (公开).</summary>
    Publish,

    /// <summary>Verify the log and replay years.</summary>
    Verify,

    /// <summary>Read who changed which account and when, as far as it concerns the region.</summary>
    ReadAccessAudit,

    /// <summary>Make regions, users and their roles.</summary>
    Administer,
}
