using FinalAccounts.Regions;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace FinalAccounts.Server.Access;

/// <summary>Users in PostgreSQL, as the framework's <see cref="UserManager{TUser}"/> wants them. They are never deleted, so that an actor stays known.</summary>
public sealed class UserStore(Database database) : IUserPasswordStore<User>, IUserSecurityStampStore<User>, IUserLockoutStore<User>
{
    private const string Columns =
        "id, name, normalized_name, password_hash, security_stamp, must_change_password, locked, failed_attempts, locked_until, created_at, version";

    public async Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        await using var connection = await database.Application.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"insert into access.users ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) on conflict (normalized_name) do nothing",
            connection,
            transaction);
        command.Parameters.Add(new() { Value = user.Id });
        command.Parameters.Add(new() { Value = user.Name });
        command.Parameters.Add(new() { Value = user.NormalizedName });
        AddState(command.Parameters, user);
        command.Parameters.Add(new() { Value = user.CreatedAt.UtcDateTime });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().DuplicateUserName(user.Name));
        }

        await WriteNotesAsync(connection, transaction, user, cancellationToken);
        user.Version = 1;
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        await using var connection = await database.Application.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            update access.users
               set password_hash = $1, security_stamp = $2, must_change_password = $3, locked = $4, failed_attempts = $5, locked_until = $6,
                   version = version + 1
             where id = $7 and version = $8
            """,
            connection,
            transaction);
        AddState(command.Parameters, user);
        command.Parameters.Add(new() { Value = user.Id });
        command.Parameters.Add(new() { Value = user.Version });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }

        await WriteNotesAsync(connection, transaction, user, cancellationToken);
        user.Version++;
        return IdentityResult.Success;
    }

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A user is locked, never deleted.");

    public async Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(userId, out var id))
        {
            return null;
        }

        await using var command = database.Application.CreateCommand($"select {Columns} from access.users where id = $1");
        command.Parameters.Add(new() { Value = id });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    public async Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken)
    {
        await using var command = database.Application.CreateCommand($"select {Columns} from access.users where normalized_name = $1");
        command.Parameters.Add(new() { Value = normalizedUserName });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Users after a name, in order of names, at most <see cref="AccessLimits.PageSize"/>.</summary>
    public async Task<IReadOnlyList<User>> ListAsync(string afterNormalizedName, CancellationToken cancellationToken)
    {
        await using var command = database.Application.CreateCommand($"select {Columns} from access.users where normalized_name > $1 order by normalized_name limit $2");
        command.Parameters.Add(new() { Value = afterNormalizedName });
        command.Parameters.Add(new() { Value = AccessLimits.PageSize });
        return await ReadAsync(command, cancellationToken);
    }

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A user keeps the name.");

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedName);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken)
    {
        user.NormalizedName = normalizedName!;
        return Task.CompletedTask;
    }

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash is { Length: > 0 } hash ? hash : null);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash.Length > 0);

    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.LockedUntil);

    public Task SetLockoutEndDateAsync(User user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockedUntil = lockoutEnd;
        return Task.CompletedTask;
    }

    public Task<int> IncrementAccessFailedCountAsync(User user, CancellationToken cancellationToken) => Task.FromResult(++user.FailedAttempts);

    public Task ResetAccessFailedCountAsync(User user, CancellationToken cancellationToken)
    {
        user.FailedAttempts = 0;
        return Task.CompletedTask;
    }

    public Task<int> GetAccessFailedCountAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.FailedAttempts);

    public Task<bool> GetLockoutEnabledAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(User user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }

    private static async Task WriteNotesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, User user, CancellationToken cancellationToken)
    {
        foreach (var note in user.Unwritten)
        {
            await AccessAudit.WriteAsync(connection, transaction, user.Id, user.Name, note, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        user.ForgetNotes();
    }

    /// <summary>What may change, in the order of the columns.</summary>
    private static void AddState(NpgsqlParameterCollection parameters, User user)
    {
        parameters.Add(new() { Value = user.PasswordHash });
        parameters.Add(new() { Value = user.SecurityStamp });
        parameters.Add(new() { Value = user.MustChangePassword });
        parameters.Add(new() { Value = user.IsLocked });
        parameters.Add(new() { Value = user.FailedAttempts });
        parameters.Add(new() { Value = (object?)user.LockedUntil?.UtcDateTime ?? DBNull.Value });
    }

    private static async Task<List<User>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var users = new List<User>();
        while (await reader.ReadAsync(cancellationToken))
        {
            users.Add(new()
            {
                Id = reader.GetGuid(0),
                Name = reader.GetString(1),
                NormalizedName = reader.GetString(2),
                PasswordHash = reader.GetString(3),
                SecurityStamp = reader.GetString(4),
                MustChangePassword = reader.GetBoolean(5),
                IsLocked = reader.GetBoolean(6),
                FailedAttempts = reader.GetInt32(7),
                LockedUntil = reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(9),
                Version = reader.GetInt32(10),
            });
        }

        return users;
    }
}
