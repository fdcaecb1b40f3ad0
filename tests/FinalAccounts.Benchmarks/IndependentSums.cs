using System.Text.Json;
using Npgsql;

namespace FinalAccounts.Benchmarks;

/// <summary>
/// Figures of a department's year by an independent way: plain SQL over the bodies of its events, which shares nothing with the program but the
/// meaning of the stored fields (docs/events.md). It is what the program's documents are held against.
/// </summary>
public static class IndependentSums
{
    /// <summary>{0} is the region's schema; the parameter is the stream of the year. Amounts are whole fen.</summary>
    private const string Sql =
        """
        with lines as (
            select e.type,
                   case e.type when 'expenditure-reversed' then -1 else 1 end * (line ->> 'amount')::bigint as fen,
                   line ->> 'function' as item, line ->> 'economic' as economic, line ->> 'fund' as fund, line ->> 'kind' as kind, line ->> 'source' as source
            from {0}.events_readable e cross join lateral jsonb_array_elements(e.body::jsonb -> 'lines') line
            where e.stream = $1),
        spent as (select * from lines where type in ('expenditure-posted', 'expenditure-reversed')),
        received as (select * from lines where type = 'income-received'),
        general as (select * from spent where fund = '一般公共预算'),
        opened as (
            select coalesce(sum((line ->> 'amount')::bigint), 0) as fen
            from {0}.events_readable e cross join lateral jsonb_array_elements(e.body::jsonb -> 'openingBalances') line
            where e.stream = $1 and e.type = 'fiscal-year-opened'),
        carried as (
            select coalesce(sum((line ->> 'amount')::bigint), 0) as fen
            from (select body from {0}.events_readable where stream = $1 and type = 'carry-over-determined' order by version desc limit 1) last
                 cross join lateral jsonb_array_elements(last.body::jsonb -> 'lines') line)
        select '公开01/27/金额', coalesce(sum(fen), 0) from received
        union all select '公开01/29/金额', fen from opened
        union all select '公开01/30/金额', (select coalesce(sum(fen), 0) from received) + fen from opened
        union all select '公开01/57/金额', coalesce(sum(fen), 0) from spent
        union all select '公开01/59/金额', fen from carried
        union all select '公开01/60/金额', (select coalesce(sum(fen), 0) from spent) + fen from carried
        union all select '公开02/合计/财政拨款收入', coalesce(sum(fen), 0) from received where source = '财政拨款收入'
        union all select '公开02/合计/其他收入', coalesce(sum(fen), 0) from received where source = '其他收入'
        union all select '公开02/' || item || '/本年收入合计', sum(fen) from received group by item
        union all select '公开02/' || left(item, 3) || '/本年收入合计', sum(fen) from received group by left(item, 3)
        union all select '公开03/' || item || '/本年支出合计', sum(fen) from spent group by item
        union all select '公开03/' || left(item, 5) || '/本年支出合计', sum(fen) from spent group by left(item, 5)
        union all select '公开03/合计/' || kind, sum(fen) from spent group by kind
        union all select '公开03/' || item || '/' || kind, sum(fen) from spent group by item, kind
        union all select '公开05/' || item || '/本年支出/小计', sum(fen) from general group by item
        union all select '公开06/' || economic || '/决算数', sum(fen) from general where kind = '基本支出' group by economic
        union all select '公开09/决算数/公务接待费', coalesce(sum(fen), 0) from general where economic = '30217'
        """;

    /// <summary>The exact fen of figures of a department's year, by their addresses in the national forms.</summary>
    /// <param name="schema">The schema of the region.</param>
    public static async Task<IReadOnlyDictionary<string, long>> ReadAsync(NpgsqlDataSource database, string schema, string stream)
    {
        await using var command = database.CreateCommand(Sql.Replace("{0}", schema, StringComparison.Ordinal));
        command.Parameters.AddWithValue(stream);
        command.CommandTimeout = 600;
        await using var reader = await command.ExecuteReaderAsync();
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            sums.Add(reader.GetString(0), (long)reader.GetDecimal(1));
        }

        return sums;
    }

    /// <summary>What differs between the sums and a document as it is written; a figure that the document does not have differs too.</summary>
    /// <param name="json">A disclosure document as JSON.</param>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, long> sums, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var figures = document.RootElement.GetProperty("figures").EnumerateArray()
            .Where(f => f.GetProperty("exact").TryGetProperty("fen", out _))
            .ToDictionary(f => f.GetProperty("address").GetString()!, f => f.GetProperty("exact").GetProperty("fen").GetInt64(), StringComparer.Ordinal);
        return
        [
            .. from sum in sums
               let figure = figures.TryGetValue(sum.Key, out var fen) ? (long?)fen : null
               where figure != sum.Value
               select $"{sum.Key}: {sum.Value} in SQL, {figure?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"} in the document",
        ];
    }
}
