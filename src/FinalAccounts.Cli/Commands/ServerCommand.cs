using System.CommandLine;
using FinalAccounts.PrivatePostgres;
using FinalAccounts.Regions;

namespace FinalAccounts.Cli.Commands;

/// <summary><c>fa server</c>: the private server that stands in when no other database is named.</summary>
internal static class ServerCommand
{
    public static Command Build(Words words)
    {
        var status = new Command("status", words["CommandServerStatus"]) { CommandLine.Json };
        status.Run(words, async (session, cancellationToken) =>
        {
            await using var server = await StartAsync(session, cancellationToken);
            if (session.IsJson)
            {
                session.WriteJson(new { server.SocketDirectory, server.DataDirectory, server.LogFile, server.WasRunning, server.Url });
            }
            else
            {
                Session.WriteLine(words["ServerStatus", server.SocketDirectory, server.DataDirectory, server.LogFile, server.Url]);
            }

            return ExitCodes.Done;
        });

        var stop = new Command("stop", words["CommandServerStop"]);
        stop.Run(words, async (session, cancellationToken) =>
        {
            var stopped = await PrivateServer.StopAsync(Options(session), cancellationToken);
            Session.WriteLine(words[stopped ? "ServerStopped" : "ServerNotRunning"]);
            return ExitCodes.Done;
        });

        var yes = new Option<bool>("--yes") { Description = words["OptionYes"] };
        var delete = new Command("delete", words["CommandServerDelete"]) { yes };
        delete.Run(words, async (session, cancellationToken) =>
        {
            if (!session.Parsed.GetValue(yes))
            {
                throw CommandFailedException.Refused(words["DeleteWithoutYes"]);
            }

            await PrivateServer.DeleteAsync(Options(session), cancellationToken);
            Session.WriteLine(words["ServerDeleted"]);
            return ExitCodes.Done;
        });

        return new Command("server", words["CommandServer"]) { status, stop, delete };
    }

    private static Task<PrivateServer> StartAsync(Session session, CancellationToken cancellationToken) =>
        PrivateServer.StartAsync(Options(session), cancellationToken);

    private static PrivateServerOptions Options(Session session) => Database.IsPrivate
        ? Database.PrivateOptions(session.DataDirectory)
        : throw CommandFailedException.Refused(session.Words["ServerNotPrivate", Database.Variable]);
}
