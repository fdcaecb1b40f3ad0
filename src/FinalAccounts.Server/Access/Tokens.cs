using FinalAccounts.Regions;
using NodaTime;
using Npgsql;

namespace FinalAccounts.Server.Access;

/// <summary>A bearer token as its owner sees it.</summary>
/// <param name="Prefix">How it begins; the rest is not kept.</param>
/// <param name="LastUsedOn">The day (UTC); null when never.</param>
public sealed record Token(
    Guid Id, string Label, string Prefix, Instant CreatedAt, Instant ExpiresAt, Instant? RevokedAt, LocalDate? LastUsedOn);

/// <summary>The bearer tokens of programs. A token may what its owner may, until it expires or is revoked.</summary>
public sealed class Tokens(Database database, IClock clock)
{
    /// <summary>Makes a token.</summary>
    /// <param name="days">1 to <see cref="AccessLimits.TokenDays"/>.</param>
    /// <returns>The token and its text, which can't be had again.</returns>
    /// <exception cref="AccessException">The label is empty or too long, the days are not in range, there are too many tokens, or the
    /// request itself came with a token.</exception>
    public async Task<(Token Token, string Text)> CreateAsync(Account owner, string label, int days, CancellationToken cancellationToken)
    {
        if (owner.Means == SignInMeans.Token)
        {
            throw new AccessException(AccessProblem.TokenByToken);
        }

        label = label.Trim();
        if (label.Length is 0 or > AccessLimits.LabelCharacters || label.Any(char.IsControl))
        {
            throw new AccessException(AccessProblem.LabelWrong, AccessLimits.LabelCharacters);
        }

        if (days is < 1 or > AccessLimits.TokenDays)
        {
            throw new AccessException(AccessProblem.TokenDaysWrong, AccessLimits.TokenDays);
        }

        var now = clock.GetCurrentInstant();
        var text = TokenText.New();
        var token = new Token(Guid.NewGuid(), label, TokenText.Prefix(text), now, now + Duration.FromDays(days), null, null);
        await using var connection = await database.Application.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var insert = new NpgsqlCommand(
            """
            insert into access.tokens (id, user_id, label, prefix, hash, created_at, expires_at)
            select $1, $2, $3, $4, $5, $6, $7
             where (select count(*) from access.tokens where user_id = $2 and revoked_at is null and expires_at > $6) < $8
            """,
            connection,
            transaction);
        insert.Parameters.Add(new() { Value = token.Id });
        insert.Parameters.Add(new() { Value = owner.Id });
        insert.Parameters.Add(new() { Value = label });
        insert.Parameters.Add(new() { Value = token.Prefix });
        insert.Parameters.Add(new() { Value = TokenText.Hash(text) });
        insert.Parameters.Add(new() { Value = token.CreatedAt.ToDateTimeUtc() });
        insert.Parameters.Add(new() { Value = token.ExpiresAt.ToDateTimeUtc() });
        insert.Parameters.Add(new() { Value = (long)AccessLimits.TokensPerAccount });
        if (await insert.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw new AccessException(AccessProblem.TooManyTokens, AccessLimits.TokensPerAccount);
        }

        await AccessAudit.WriteAsync(
            connection, transaction, owner.Id, owner.Actor, new(owner.Actor, AuditAction.TokenCreated, Detail: $"{token.Prefix}… {label}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (token, text);
    }

    /// <summary>The account's tokens, latest first; at most <see cref="AccessLimits.PageSize"/>.</summary>
    public async Task<IReadOnlyList<Token>> ListAsync(Account owner, CancellationToken cancellationToken)
    {
        await using var command = database.Application.CreateCommand(
            """
            select id, label, prefix, created_at, expires_at, revoked_at, last_used_on
              from access.tokens where user_id = $1 order by created_at desc, id limit $2
            """);
        command.Parameters.Add(new() { Value = owner.Id });
        command.Parameters.Add(new() { Value = AccessLimits.PageSize });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tokens = new List<Token>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tokens.Add(new(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), Instant.FromDateTimeUtc(reader.GetDateTime(3)),
                Instant.FromDateTimeUtc(reader.GetDateTime(4)),
                reader.IsDBNull(5) ? null : Instant.FromDateTimeUtc(reader.GetDateTime(5)),
                reader.IsDBNull(6) ? null : LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(6))));
        }

        return tokens;
    }

    /// <summary>Ends a token of the account; one that is revoked already stays as it is.</summary>
    /// <returns>False when the account has no such token.</returns>
    public async Task<bool> RevokeAsync(Account owner, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Application.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var update = new NpgsqlCommand(
            "update access.tokens set revoked_at = $1 where id = $2 and user_id = $3 and revoked_at is null returning prefix || '… ' || label",
            connection,
            transaction);
        update.Parameters.Add(new() { Value = clock.GetCurrentInstant().ToDateTimeUtc() });
        update.Parameters.Add(new() { Value = id });
        update.Parameters.Add(new() { Value = owner.Id });
        if (await update.ExecuteScalarAsync(cancellationToken) is string name)
        {
            await AccessAudit.WriteAsync(
                connection, transaction, owner.Id, owner.Actor, new(owner.Actor, AuditAction.TokenRevoked, Detail: name), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }

        return (await ListAsync(owner, cancellationToken)).Any(t => t.Id == id);
    }
}
