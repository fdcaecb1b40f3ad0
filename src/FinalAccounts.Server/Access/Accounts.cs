using FinalAccounts.Regions;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Server.Access;

/// <summary>Reads who somebody is and what they may do, anew for each request, so that every change counts at once.</summary>
public sealed class Accounts(Database database, IClock clock)
{
    /// <summary>The account of a session; null when it is locked, or its security stamp has changed since the sign-in.</summary>
    public async Task<Account?> FindAsync(Guid id, string securityStamp, CancellationToken cancellationToken)
    {
        await using var command = database.Application.CreateCommand(
            """
            select u.id, u.name, u.must_change_password, a.role, a.region, a.department
              from access.users u left join access.assignments a on a.user_id = u.id
             where u.id = $1 and u.security_stamp = $2 and not u.locked
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = securityStamp });
        return (await ReadAsync(command, SignInMeans.Cookie, cancellationToken)).Account;
    }

    /// <summary>The account whose token it is; null when it is nobody's, revoked or expired, or the account is locked.</summary>
    public async Task<Account?> FindByTokenAsync(string token, CancellationToken cancellationToken)
    {
        if (!TokenText.IsPossible(token))
        {
            return null;
        }

        var now = clock.GetCurrentInstant();
        await using var command = database.Application.CreateCommand(
            """
            select u.id, u.name, u.must_change_password, a.role, a.region, a.department, t.last_used_on
              from access.tokens t join access.users u on u.id = t.user_id left join access.assignments a on a.user_id = u.id
             where t.hash = $1 and t.revoked_at is null and t.expires_at > $2 and not u.locked
            """);
        var hash = TokenText.Hash(token);
        command.Parameters.Add(new() { Value = hash });
        command.Parameters.Add(new() { Value = now.ToDateTimeUtc() });
        var (account, lastUsed) = await ReadAsync(command, SignInMeans.Token, cancellationToken);
        var today = DateOnly.FromDateTime(now.ToDateTimeUtc());
        if (account is not null && lastUsed != today)
        {
            await using var use = database.Application.CreateCommand("update access.tokens set last_used_on = $1 where hash = $2");
            use.Parameters.Add(new() { Value = today });
            use.Parameters.Add(new() { Value = hash });
            await use.ExecuteNonQueryAsync(cancellationToken);
        }

        return account;
    }

    private static async Task<(Account? Account, DateOnly? LastUsed)> ReadAsync(
        NpgsqlCommand command, SignInMeans means, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return (null, null);
        }

        var (id, name, mustChange) = (reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2));
        DateOnly? lastUsed = reader.FieldCount > 6 && !reader.IsDBNull(6) ? reader.GetFieldValue<DateOnly>(6) : null;
        var assignments = new List<Assignment>();
        do
        {
            if (AssignmentRows.Read(reader, 3) is { } assignment)
            {
                assignments.Add(assignment);
            }
        }
        while (await reader.ReadAsync(cancellationToken));
        return (new(id, name, assignments, means) { MustChangePassword = mustChange }, lastUsed);
    }
}
