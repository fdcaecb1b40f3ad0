using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FinalAccounts.Reporting;
using Npgsql;

namespace FinalAccounts.Projections;

/// <summary>The numbers under which keys stand in the tables. What was looked up is remembered.</summary>
internal sealed class FactKeyIds(string schema)
{
    private readonly Dictionary<FactKey, int> ids = [];

    /// <summary>The number of a key that was looked up.</summary>
    public int this[FactKey key] => ids[key];

    /// <summary>Looks keys up that are not remembered; those that are new get a number.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The only variable part is a schema name of digits.")]
    public async Task LookUpAsync(NpgsqlConnection connection, IEnumerable<FactKey> wanted, CancellationToken cancellationToken)
    {
        if (ids.Count > ProjectionLimits.RememberedKeys)
        {
            ids.Clear();
        }

        foreach (var keys in wanted.Where(k => !ids.ContainsKey(k)).Distinct().Chunk(ProjectionLimits.KeysPerCall))
        {
            await using var command = new NpgsqlCommand($"select {schema}.fact_key_ids($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", connection)
            {
                Parameters =
                {
                    new() { Value = keys.Select(Identity).ToArray() },
                    new() { Value = keys.Select(k => (short)k.Measure).ToArray() },
                    new() { Value = keys.Select(k => k.Function?.ToString()).ToArray() },
                    new() { Value = keys.Select(k => k.Economic?.ToString()).ToArray() },
                    new() { Value = keys.Select(k => (short?)k.Fund).ToArray() },
                    new() { Value = keys.Select(k => (short?)k.Kind).ToArray() },
                    new() { Value = keys.Select(k => k.Project).ToArray() },
                    new() { Value = keys.Select(k => (short?)k.Source).ToArray() },
                    new() { Value = keys.Select(k => k.Name).ToArray() },
                    new() { Value = keys.Select(k => k.Counterparty?.ToString()).ToArray() },
                },
            };
            var found = (int[])(await command.ExecuteScalarAsync(cancellationToken))!;
            for (var i = 0; i < keys.Length; i++)
            {
                ids.Add(keys[i], found[i]);
            }
        }
    }

    /// <summary>A key as it stands in the columns measure, function, economic, fund, kind, project, source, name, counterparty.</summary>
    /// <param name="first">The column of the measure.</param>
    public static FactKey Read(NpgsqlDataReader reader, int first)
    {
        return new(
            (Measure)reader.GetInt16(first),
            Text(1) is { } function ? new(function) : null,
            Text(2) is { } economic ? new(economic) : null,
            (Ledger.Fund?)Number(3),
            (Ledger.SpendingKind?)Number(4),
            Text(5),
            (Ledger.IncomeSource?)Number(6),
            Text(7),
            Text(8) is { } counterparty ? new(counterparty) : null);

        string? Text(int column) => reader.IsDBNull(first + column) ? null : reader.GetString(first + column);

        short? Number(int column) => reader.IsDBNull(first + column) ? null : reader.GetInt16(first + column);
    }

    /// <summary>What tells keys apart, as 32 bytes: texts stand behind their length, so that no two keys read the same.</summary>
    private static byte[] Identity(FactKey key)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)key.Measure}|{key.Function}|{key.Economic}|{(int?)key.Fund}|{(int?)key.Kind}|{(int?)key.Source}|{key.Counterparty}|{Part(key.Project)}|{Part(key.Name)}");
        return SHA256.HashData(Encoding.UTF8.GetBytes(text));

        static string Part(string? part) => part is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{part.Length}:{part}");
    }
}
