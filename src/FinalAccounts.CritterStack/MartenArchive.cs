using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using JasperFx;
using Npgsql;

namespace FinalAccounts.CritterStack;

/// <summary>Archives years on Marten: their streams take nothing more, and their events stay where they are, to be read as before.</summary>
public static class MartenArchive
{
    /// <summary>Archives the streams of a fiscal year. Whether the year may be archived is the caller's to know.</summary>
    /// <param name="owner">The owner's role: the application's can't change what is stored.</param>
    /// <returns>How many streams the year has.</returns>
    public static async Task<int> ArchiveAsync(NpgsqlDataSource owner, RegionCode region, FiscalYear year, CancellationToken cancellationToken)
    {
        var streams = new List<string>();
        await using (var command = RegionStore.Command(owner, $"select id from {RegionStore.SchemaOf(region)}.mt_streams"))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                streams.Add(reader.GetString(0));
            }
        }

        streams.RemoveAll(s => LogCatalog.FiscalYearOf(s) != year.Value);
        await using var store = RegionStore.ForBodies(owner, region, AutoCreate.None);
        await using var session = store.LightweightSession();
        foreach (var stream in streams)
        {
            session.Events.ArchiveStream(stream);
        }

        await session.SaveChangesAsync(cancellationToken);
        return streams.Count;
    }
}
