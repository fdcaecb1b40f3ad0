using FinalAccounts.Regions;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Api;
using NodaTime;

namespace FinalAccounts.Server;

/// <summary><c>FinalAccounts.Server docs</c>: writes the documents that come from the server's routes. For those who work on the program.</summary>
internal static class ServerDocuments
{
    public static async Task WriteAsync(string folder)
    {
        // Put together and never started: no database is asked.
        var scratch = Directory.CreateTempSubdirectory("finalaccounts-docs-");
        try
        {
            await using var database = Database.Of("Host=localhost", "Host=localhost");
            await using var app = ServerApplication.Build([], new(database, scratch.FullName, SystemClock.Instance));

            // What a start would do: only then are the routes known to those who describe them.
            app.UseEndpoints(_ => { });
            var page = Path.Combine(folder, "access.md");
            await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), await ApiDescription.TextAsync(app.Services, CancellationToken.None));
            await File.WriteAllTextAsync(page, AccessDocument.Update(await File.ReadAllTextAsync(page), AccessRoute.Of(app)));
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
