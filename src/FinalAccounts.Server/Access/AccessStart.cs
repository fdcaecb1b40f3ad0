using FinalAccounts.Regions;

namespace FinalAccounts.Server.Access;

/// <summary>Where the keys of cookies and forms are kept.</summary>
internal sealed record KeyDirectory(string Path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes it, and closes it to others also when it was there.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(Path, Private);
        File.SetUnixFileMode(Path, Private);
    }
}

/// <summary>What is done once before the first request.</summary>
public static class AccessStart
{
    /// <summary>The login name of the administrator that the first start makes.</summary>
    public const string FirstAdministrator = "admin";

    /// <summary>Closes the directory of keys, brings the schema up to date, and makes an administrator when there is no user yet.</summary>
    /// <param name="terminal">Takes the password, which is kept nowhere.</param>
    internal static async Task PrepareAccessAsync(this WebApplication app, TextWriter terminal, CancellationToken cancellationToken)
    {
        app.Services.GetRequiredService<KeyDirectory>().Prepare();
        var database = app.Services.GetRequiredService<Database>();
        await AccessSchema.MigrateAsync(database.Owner, database.ApplicationRole, cancellationToken);
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<Users>();
        if ((await users.ListAsync(null, cancellationToken)).Count > 0)
        {
            return;
        }

        try
        {
            var (user, password) = await users.CreateAsync(FirstAdministrator, FirstAdministrator, mustChangePassword: true);
            await users.AssignAsync(FirstAdministrator, user, new(Role.Administrator, null, null), cancellationToken);
            await AccessCommands.WriteAsync(terminal, "FirstAdministrator", user.Name, password);
        }
        catch (AccessException e) when (e.Problem == AccessProblem.NameTaken)
        {
            // Another server that starts at the same time made it, and shows its password.
        }
    }
}
