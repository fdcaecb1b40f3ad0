using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using FinalAccounts.Ledger;
using NodaTime;
using Npgsql;

namespace FinalAccounts.EventLog;

/// <summary>A document that is kept.</summary>
/// <param name="Sha256">SHA-256 of the content, 64 lower-case hexadecimal digits.</param>
/// <param name="MediaType">What the content is, such as <c>application/json</c>; as it was first stored.</param>
/// <param name="StoredAt">When it was first stored.</param>
public sealed record StoredDocument(string Sha256, byte[] Content, string MediaType, Instant StoredAt);

/// <summary>
/// The documents of one region by the SHA-256 of their bytes: what was published, and what it was made with. They lie beside the
/// log and are as little changed as it is: the application's role can read them and add to them. An event names a document by its
/// hash, so that the log's chain covers the documents too.
/// </summary>
/// <param name="dataSource">Connections with the application's role; stays the caller's. Asked for each time, so that the region can move to another
/// server.</param>
public sealed class DocumentStore(Func<NpgsqlDataSource> dataSource, RegionCode region, IClock clock)
{
    private readonly string schema = LogSchema.NameOf(region);

    /// <param name="dataSource">Connections with the application's role; stays the caller's.</param>
    public DocumentStore(NpgsqlDataSource dataSource, RegionCode region, IClock clock)
        : this(() => dataSource, region, clock)
    {
    }

    /// <summary>Keeps a document; one that is kept already is left as it is. To be called before the event that names it.</summary>
    /// <returns>SHA-256 of the content, 64 lower-case hexadecimal digits.</returns>
    /// <exception cref="ArgumentException">The content is longer than <see cref="LogLimits.DocumentBytes"/>, or the media type is
    /// none.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached or refused to write. Whether the document is stored
    /// is then not known; the call may be made again.</exception>
    public async Task<string> StoreAsync(byte[] content, string mediaType, CancellationToken cancellationToken)
    {
        LogLimits.CheckDocument(content, mediaType);
        var sha256 = SHA256.HashData(content);
        try
        {
            await using var store = Command($"select {schema}.store_document($1, $2, $3, $4)");
            store.Parameters.AddWithValue(sha256);
            store.Parameters.AddWithValue(content);
            store.Parameters.AddWithValue(mediaType);
            store.Parameters.AddWithValue(clock.GetCurrentInstant().ToDateTimeUtc());
            await store.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw new LogUnavailableException($"The document can't be stored in {schema}: {e.Message}", e);
        }

        return Convert.ToHexStringLower(sha256);
    }

    /// <summary>The document with a hash; null when none is kept.</summary>
    /// <param name="sha256">64 hexadecimal digits.</param>
    /// <exception cref="FormatException"><paramref name="sha256"/> is not hexadecimal.</exception>
    /// <exception cref="DocumentDamagedException">What is stored under the hash does not have it.</exception>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public async Task<StoredDocument?> ReadAsync(string sha256, CancellationToken cancellationToken)
    {
        var hash = Convert.FromHexString(sha256);
        try
        {
            await using var select = Command($"select content, media_type, stored_at from {schema}.documents where sha256 = $1");
            select.Parameters.AddWithValue(hash);
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            var content = reader.GetFieldValue<byte[]>(0);
            return SHA256.HashData(content).AsSpan().SequenceEqual(hash)
                ? new(Convert.ToHexStringLower(hash), content, reader.GetString(1), Instant.FromDateTimeUtc(reader.GetDateTime(2)))
                : throw new DocumentDamagedException(Convert.ToHexStringLower(hash));
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw new LogUnavailableException($"The documents of {schema} can't be read: {e.Message}", e);
        }
    }

    /// <summary>The hashes of all documents, 64 lower-case hexadecimal digits each, in ordinal order.</summary>
    /// <exception cref="LogUnavailableException">The database can't be reached.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var select = Command($"select sha256 from {schema}.documents order by sha256");
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            var hashes = new List<string>();
            while (await reader.ReadAsync(cancellationToken))
            {
                hashes.Add(Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0)));
            }

            return hashes;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            throw new LogUnavailableException($"The documents of {schema} can't be read: {e.Message}", e);
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    private NpgsqlCommand Command(string sql) => dataSource().CreateCommand(sql);
}

/// <summary>A stored document does not have the hash that it is stored under.</summary>
/// <param name="sha256">The hash that it should have.</param>
public sealed class DocumentDamagedException(string sha256) : Exception($"The stored document {sha256} was changed.")
{
    public string Sha256 { get; } = sha256;
}
