using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace FinalAccounts.Server.Access;

/// <summary>Signs in with name and password, and out. The session is a cookie that names the user and the security stamp.</summary>
public sealed partial class SignIn(UserManager<User> manager, PasswordRounds rounds, ILogger<SignIn> log)
{
    internal const string IdClaim = ClaimTypes.NameIdentifier;
    internal const string StampClaim = "stamp";

    /// <summary>Signs in; sets the cookie on the response.</summary>
    /// <exception cref="AccessException">Name or password are wrong or the account is locked; which of them is not told.</exception>
    public async Task<User> WithPasswordAsync(HttpContext context, string name, string password)
    {
        if (name.Length is 0 or > AccessLimits.NameCharacters || password.Length is 0 or > AccessLimits.PasswordCharacters)
        {
            throw new AccessException(AccessProblem.SignInFailed, AccessLimits.WrongPasswords, AccessLimits.LockoutMinutes);
        }

        // One attempt after the other for each name, so that many at once can't outrun the count of wrong ones.
        using var turn = await rounds.WaitAsync(manager.NormalizeName(name), context.RequestAborted);
        var user = turn.IsAcquired ? await manager.FindByNameAsync(name) : null;

        // An unknown name costs the same time as a wrong password.
        var isRight = user is null ? rounds.VerifyNothing(password) : await manager.CheckPasswordAsync(user, password);
        if (user is null || user.IsLocked || await manager.IsLockedOutAsync(user))
        {
            Refused(log, name, "unknown or locked");
        }
        else if (!isRight)
        {
            await CountAsync(user);
            Refused(log, name, "wrong password");
        }
        else
        {
            await manager.ResetAccessFailedCountAsync(user);
            await StartSessionAsync(context, user);
            Done(log, name);
            return user;
        }

        throw new AccessException(AccessProblem.SignInFailed, AccessLimits.WrongPasswords, AccessLimits.LockoutMinutes);
    }

    /// <summary>Sets the cookie. Also after the own password was changed, which ends the sessions before.</summary>
    public static Task StartSessionAsync(HttpContext context, User user)
    {
        var identity = new ClaimsIdentity(
            [new(IdClaim, user.Id.ToString()), new(StampClaim, user.SecurityStamp)], CookieAuthenticationDefaults.AuthenticationScheme);
        return context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(identity), new() { IsPersistent = false });
    }

    /// <summary>Ends the session of this browser.</summary>
    public static Task EndSessionAsync(HttpContext context) => context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);

    private async Task CountAsync(User user)
    {
        if (user.FailedAttempts + 1 >= AccessLimits.WrongPasswords)
        {
            user.Note(new(user.Name, AuditAction.LockedOut));
        }

        var counted = await manager.AccessFailedAsync(user);
        if (!counted.Succeeded && await manager.FindByIdAsync(user.Id.ToString()) is { } changed)
        {
            // An administrator changed the user meanwhile: the attempt counts all the same.
            await manager.AccessFailedAsync(changed);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Sign-in of {Name} refused: {Why}")]
    private static partial void Refused(ILogger log, string name, string why);

    [LoggerMessage(2, LogLevel.Information, "{Name} signed in")]
    private static partial void Done(ILogger log, string name);
}

/// <summary>Puts sign-ins of one name in order and knows a hash that no password has.</summary>
public sealed class PasswordRounds : IDisposable
{
    // More attempts of one name at once are no person's.
    private const int Waiting = 8;

    private readonly PartitionedRateLimiter<string> turns = PartitionedRateLimiter.Create<string, string>(name =>
        RateLimitPartition.GetConcurrencyLimiter(name, _ => new() { PermitLimit = 1, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    private readonly IPasswordHasher<User> hasher;
    private readonly Lazy<string> nobodysHash;

    public PasswordRounds(IPasswordHasher<User> hasher)
    {
        this.hasher = hasher;
        nobodysHash = new(() => hasher.HashPassword(new() { Name = "" }, Password.New()));
    }

    public void Dispose() => turns.Dispose();

    /// <summary>Not acquired when too many attempts of the name wait.</summary>
    internal ValueTask<RateLimitLease> WaitAsync(string normalizedName, CancellationToken cancellationToken) =>
        turns.AcquireAsync(normalizedName, 1, cancellationToken);

    /// <summary>Takes the time of a comparison; always false.</summary>
    internal bool VerifyNothing(string password)
    {
        hasher.VerifyHashedPassword(new() { Name = "" }, nobodysHash.Value, password);
        return false;
    }
}
