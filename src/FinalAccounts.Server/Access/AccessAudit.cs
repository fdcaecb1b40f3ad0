using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace FinalAccounts.Server.Access;

/// <summary>What was done to an account.</summary>
public enum AuditAction
{
    Created,
    Assigned,
    Withdrawn,
    Locked,
    Unlocked,

    /// <summary>Locked for a while by wrong passwords.</summary>
    LockedOut,
    PasswordChanged,
    PasswordReset,
    TokenCreated,
    TokenRevoked,
}

/// <summary>What is to be written: who does what, and the role or token that it is about.</summary>
public sealed record AuditNote(string Actor, AuditAction Action, Assignment? Assignment = null, string Detail = "");

/// <summary>An entry of the access audit.</summary>
/// <param name="Position">Grows with time; not without gaps.</param>
/// <param name="Subject">The login name of the changed account.</param>
public sealed record AuditEntry(long Position, Instant At, string Actor, AuditAction Action, string Subject, Assignment? Assignment, string Detail);

/// <summary>Who changed which account and when. The application's role can add to it and read it, and nothing else.</summary>
public sealed class AccessAudit(Database database)
{
    /// <summary>The entries before a position, latest first, at most <see cref="AccessLimits.PageSize"/>.</summary>
    /// <param name="region">Those that concern the region: its roles, and the accounts that have had a role in it. Null for all.</param>
    /// <param name="before">Null from the end.</param>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(RegionCode? region, long? before, CancellationToken cancellationToken)
    {
        await using var command = database.Application.CreateCommand(
            """
            select position, at, actor, action, subject, role, region, department, detail
              from access.audit e
             where position < $1
               and ($2 = '' or e.region = $2
                    or e.region = '' and exists (select from access.audit o where o.region = $2 and o.subject_id = e.subject_id))
             order by position desc limit $3
            """);
        command.Parameters.Add(new() { Value = before ?? long.MaxValue });
        command.Parameters.Add(new() { Value = region?.ToString() ?? "" });
        command.Parameters.Add(new() { Value = AccessLimits.PageSize });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<AuditEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new(
                reader.GetInt64(0), Instant.FromDateTimeUtc(reader.GetDateTime(1)), reader.GetString(2), Enum.Parse<AuditAction>(reader.GetString(3)),
                reader.GetString(4), AssignmentRows.Read(reader, 5), reader.GetString(8)));
        }

        return entries;
    }

    /// <summary>Adds an entry in the transaction that does what it says.</summary>
    internal static async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid subjectId, string subject, AuditNote note, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into access.audit (actor, action, subject_id, subject, role, region, department, detail)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            connection,
            transaction);
        command.Parameters.Add(new() { Value = note.Actor });
        command.Parameters.Add(new() { Value = note.Action.ToString() });
        command.Parameters.Add(new() { Value = subjectId, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = subject });
        AssignmentRows.Add(command.Parameters, note.Assignment);
        command.Parameters.Add(new() { Value = note.Detail });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>An assignment as the columns role, region and department; empty texts stand for what it has not.</summary>
internal static class AssignmentRows
{
    public static Assignment? Read(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) || reader.GetString(column) is not { Length: > 0 } role
        ? null
        : new(
            Enum.Parse<Role>(role),
            reader.GetString(column + 1) is { Length: > 0 } region ? new RegionCode(region) : null,
            reader.GetString(column + 2) is { Length: > 0 } department ? new DepartmentCode(department) : null);

    public static void Add(NpgsqlParameterCollection parameters, Assignment? assignment)
    {
        parameters.Add(new() { Value = assignment?.Role.ToString() ?? "" });
        parameters.Add(new() { Value = assignment?.Region?.ToString() ?? "" });
        parameters.Add(new() { Value = assignment?.Department?.ToString() ?? "" });
    }
}
