using FinalAccounts.Regions;
using Microsoft.AspNetCore.Identity;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Server.Access;

/// <summary>What administrators do with users, and users with their own password. Everything leaves an entry in the access audit.</summary>
public sealed class Users(UserManager<User> manager, UserStore store, Database database, IClock clock)
{
    /// <summary>Makes a user with a password that is made up here.</summary>
    /// <param name="mustChangePassword">True: nothing else can be done until the password is replaced.</param>
    /// <returns>The user and the password, which can't be had again.</returns>
    /// <exception cref="AccessException">The name can't be used or is taken.</exception>
    public async Task<(User User, string Password)> CreateAsync(string actor, string name, bool mustChangePassword)
    {
        if (!IsName(name))
        {
            throw new AccessException(AccessProblem.NameWrong, AccessLimits.NameCharacters);
        }

        var user = new User
        {
            Name = name,
            CreatedAt = clock.GetCurrentInstant().ToDateTimeOffset(),
            MustChangePassword = mustChangePassword,
        };
        user.Note(new(actor, AuditAction.Created));
        var password = Password.New();
        Check(await manager.CreateAsync(user, password));
        return (user, password);
    }

    /// <exception cref="AccessException">There is no such user.</exception>
    public async Task<User> FindAsync(Guid id) =>
        await manager.FindByIdAsync(id.ToString()) ?? throw new AccessException(AccessProblem.NoSuchUser);

    /// <summary>Null when there is none.</summary>
    public Task<User?> FindByNameAsync(string name) => manager.FindByNameAsync(name);

    /// <summary>A page of users in order of names.</summary>
    /// <param name="after">The last name of the page before; null from the start.</param>
    public Task<IReadOnlyList<User>> ListAsync(string? after, CancellationToken cancellationToken) =>
        store.ListAsync(after is null ? "" : manager.NormalizeName(after), cancellationToken);

    public async Task<IReadOnlyList<Assignment>> AssignmentsOfAsync(User user, CancellationToken cancellationToken)
    {
        await using var command = database.Application.CreateCommand(
            "select role, region, department from access.assignments where user_id = $1 order by region, department, role");
        command.Parameters.Add(new() { Value = user.Id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var assignments = new List<Assignment>();
        while (await reader.ReadAsync(cancellationToken))
        {
            assignments.Add(AssignmentRows.Read(reader, 0)!);
        }

        return assignments;
    }

    /// <summary>Gives a role; one that the user has already stays as it is.</summary>
    /// <exception cref="AccessException">Region or department are missing or too much, or the user has too many roles.</exception>
    public async Task AssignAsync(string actor, User user, Assignment assignment, CancellationToken cancellationToken)
    {
        if (!assignment.IsComplete)
        {
            throw new AccessException(AccessProblem.AssignmentIncomplete);
        }

        if ((await AssignmentsOfAsync(user, cancellationToken)).Count >= AccessLimits.AssignmentsPerAccount)
        {
            throw new AccessException(AccessProblem.TooManyAssignments, AccessLimits.AssignmentsPerAccount);
        }

        await ChangeAssignmentAsync(
            actor, user, assignment, AuditAction.Assigned,
            "insert into access.assignments (role, region, department, user_id) values ($1, $2, $3, $4) on conflict do nothing", cancellationToken);
    }

    /// <summary>Takes a role; does nothing when the user has it not.</summary>
    /// <exception cref="AccessException">It is the administrator's own.</exception>
    public async Task WithdrawAsync(string actor, User user, Assignment assignment, CancellationToken cancellationToken)
    {
        if (assignment.Role == Role.Administrator && actor == user.Name)
        {
            throw new AccessException(AccessProblem.OwnAdministration);
        }

        await ChangeAssignmentAsync(
            actor, user, assignment, AuditAction.Withdrawn,
            "delete from access.assignments where role = $1 and region = $2 and department = $3 and user_id = $4", cancellationToken);
    }

    /// <summary>Locks the account: its sessions end, its tokens are refused.</summary>
    /// <exception cref="AccessException">It is the administrator's own, or was changed meanwhile.</exception>
    public async Task LockAsync(string actor, User user)
    {
        if (actor == user.Name)
        {
            throw new AccessException(AccessProblem.OwnAdministration);
        }

        user.IsLocked = true;
        user.Note(new(actor, AuditAction.Locked));

        // A new stamp, so that sessions don't come back to life when the account is unlocked.
        Check(await manager.UpdateSecurityStampAsync(user));
    }

    /// <summary>Unlocks the account, whether an administrator or wrong passwords locked it.</summary>
    /// <exception cref="AccessException">It was changed meanwhile.</exception>
    public async Task UnlockAsync(string actor, User user)
    {
        (user.IsLocked, user.LockedUntil, user.FailedAttempts) = (false, null, 0);
        user.Note(new(actor, AuditAction.Unlocked));
        Check(await manager.UpdateAsync(user));
    }

    /// <summary>Replaces the password by one that is made up here and must be replaced at the next sign-in; sessions end.</summary>
    /// <returns>The password, which can't be had again.</returns>
    /// <exception cref="AccessException">The user was changed meanwhile.</exception>
    public async Task<string> ResetPasswordAsync(string actor, User user)
    {
        var password = Password.New();
        user.PasswordHash = manager.PasswordHasher.HashPassword(user, password);
        user.MustChangePassword = true;
        (user.LockedUntil, user.FailedAttempts) = (null, 0);
        user.Note(new(actor, AuditAction.PasswordReset));
        Check(await manager.UpdateSecurityStampAsync(user));
        return password;
    }

    /// <summary>Replaces the own password. All other sessions end.</summary>
    /// <exception cref="AccessException">The present password is wrong, or the new one can't be used.</exception>
    public async Task ChangePasswordAsync(User user, string present, string wanted)
    {
        if (present.Length > AccessLimits.PasswordCharacters || !await manager.CheckPasswordAsync(user, present))
        {
            throw new AccessException(AccessProblem.PresentPasswordWrong);
        }

        Password.Check(wanted, user.Name);
        if (wanted == present)
        {
            throw new AccessException(AccessProblem.PasswordUnchanged);
        }

        user.MustChangePassword = false;
        user.Note(new(user.Name, AuditAction.PasswordChanged));
        Check(await manager.ChangePasswordAsync(user, present, wanted));
    }

    /// <summary>2 characters or more, no control characters, no white space around.</summary>
    internal static bool IsName(string name) =>
        name.Length is >= 2 and <= AccessLimits.NameCharacters && name == name.Trim() && !name.Any(c => char.IsControl(c) || char.IsSurrogate(c));

    private async Task ChangeAssignmentAsync(
        string actor, User user, Assignment assignment, AuditAction action, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await database.Application.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
#pragma warning disable CA2100 // One of the two constants above.
        await using var command = new NpgsqlCommand(sql, connection, transaction);
#pragma warning restore CA2100
        AssignmentRows.Add(command.Parameters, assignment);
        command.Parameters.Add(new() { Value = user.Id });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
        {
            await AccessAudit.WriteAsync(connection, transaction, user.Id, user.Name, new(actor, action, assignment), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static void Check(IdentityResult result)
    {
        if (result.Errors.FirstOrDefault() is { } error)
        {
            throw error.Code switch
            {
                nameof(IdentityErrorDescriber.DuplicateUserName) => new AccessException(AccessProblem.NameTaken),
                nameof(IdentityErrorDescriber.ConcurrencyFailure) => new AccessException(AccessProblem.ChangedMeanwhile),
                _ => new InvalidOperationException($"{error.Code}: {error.Description}"),
            };
        }
    }
}
