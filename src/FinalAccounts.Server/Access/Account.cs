using FinalAccounts.Ledger;

namespace FinalAccounts.Server.Access;

/// <summary>How somebody proved who they are.</summary>
public enum SignInMeans
{
    None,
    Cookie,
    Token,
}

/// <summary>
/// Who sends the request and what they may do, as it stands at this moment. Routes take it as a parameter; pages and others ask
/// <see cref="AccountFeature.Account"/>. Lists are cut to it by <see cref="CanRead"/>.
/// </summary>
public sealed class Account
{
    /// <summary>The public: nobody is signed in.</summary>
    public static readonly Account Nobody = new(Guid.Empty, "", [], SignInMeans.None);

    private readonly string name;

    public Account(Guid id, string name, IReadOnlyList<Assignment> assignments, SignInMeans means)
    {
        (Id, this.name, Assignments, Means) = (id, name, assignments, means);
    }

    public Guid Id { get; }

    public IReadOnlyList<Assignment> Assignments { get; }

    public SignInMeans Means { get; }

    public bool IsSignedIn => Means != SignInMeans.None;

    /// <summary>True until a password that somebody else made is replaced; nothing else can be done before.</summary>
    public bool MustChangePassword { get; internal init; }

    /// <summary>The login name, which is entered as the actor of every event. At most <see cref="AccessLimits.NameCharacters"/> characters.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public string Actor => IsSignedIn ? name : throw new InvalidOperationException("The public changes nothing.");

    /// <summary>The regions of which the account may read something, in order of their codes.</summary>
    public IEnumerable<RegionCode> Regions => Assignments
        .Where(a => a.Region is not null && RoleRights.Has(a.Role, Right.ReadBooks)).Select(a => a.Region!.Value)
        .Distinct().OrderBy(r => r.ToString(), StringComparer.Ordinal);

    /// <summary>
    /// True when the account has the right over all of what is named: the department; without one, the whole region; without
    /// both, the installation.
    /// </summary>
    public bool Can(Right right, RegionCode? region = null, DepartmentCode? department = null) =>
        RoleRights.Has(Role.Public, right)
        || (IsSignedIn && right == Right.OwnAccount)
        || Assignments.Any(a => a.Gives(right, region, department));

    /// <summary>True when the account may read the department's books, published or not.</summary>
    public bool CanRead(RegionCode region, DepartmentCode department) => Can(Right.ReadBooks, region, department);

    /// <summary>True when the account may read the books of at least one department of the region.</summary>
    public bool CanReadSome(RegionCode region) => HasSome(Right.ReadBooks, region, null);

    /// <summary>True when the account has the right over something in what is named.</summary>
    public bool HasSome(Right right, RegionCode? region, DepartmentCode? department) =>
        Assignments.Any(a => a.GivesSome(right, region, department));

    /// <summary>Lets a route take the account as a parameter.</summary>
    public static ValueTask<Account> BindAsync(HttpContext context) => new(context.Account());
}

/// <summary>The account of a request.</summary>
public static class AccountFeature
{
    public static Account Account(this HttpContext context) => context.Features.Get<Account>() ?? Access.Account.Nobody;

    internal static void SetAccount(this HttpContext context, Account account) => context.Features.Set(account);
}
