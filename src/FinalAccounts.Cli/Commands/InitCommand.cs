using System.CommandLine;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa init</c>: makes a region's log, or brings it up to date.</summary>
internal static class InitCommand
{
    public static Command Build(Words words)
    {
        var region = new Argument<string>("region") { Description = words["ArgumentRegion"], HelpName = words["NameRegion"] };
        var command = new Command("init", words["CommandInit"]) { region, CommandLine.Json };
        command.Run(words, async (session, cancellationToken) =>
        {
            var code = session.Parsed.GetRequiredValue(region);
            if (!RegionCode.IsValid(code))
            {
                throw CommandFailedException.Usage(words["NotARegion", code]);
            }

            await using var database = await OpenDatabaseAsync(session, cancellationToken);
            await MigrateAsync(session, database, new(code), cancellationToken);
            if (session.IsJson)
            {
                session.WriteJson(new { Region = code, SchemaVersion = LogSchema.Version, Private = database.Server is not null });
            }

            return ExitCodes.Done;
        });
        return command;
    }

    public static Task<Database> OpenDatabaseAsync(Session session, CancellationToken cancellationToken) => session.StepAsync(
        session.Words["StepDatabase"],
        () => Database.OpenAsync(session.DataDirectory, cancellationToken),
        database => database.Server is { } server
            ? session.Words[server.WasRunning ? "DatabaseFound" : "DatabaseStarted", server.SocketDirectory]
            : session.Words["DatabaseGiven", Database.Variable]);

    public static Task MigrateAsync(Session session, Database database, RegionCode region, CancellationToken cancellationToken) => session.StepAsync(
        session.Words["StepRegion", region],
        async () =>
        {
            var placed = database.For(region);
            await LogSchema.MigrateAsync(placed.Owner, region, placed.ApplicationRole, cancellationToken);
            return region;
        },
        _ => session.Words["RegionReady", region, LogSchema.Version]);
}
