namespace FinalAccounts.Server.Access;

/// <summary>
/// What somebody may do. Roles have rights over regions and departments; which role has which stands in one table
/// (docs/access.md), and every route names the one that it needs.
/// </summary>
public enum Right
{
    /// <summary>Sign in, out, and what needs no account: the sign-in page, health.</summary>
    Anything,

    /// <summary>Read what was published.</summary>
    ReadPublished,

    /// <summary>Read books, figures and documents that are not published yet.</summary>
    ReadBooks,

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

    /// <summary>Make regions, users and tokens of others.</summary>
    Administer,
}
