using FinalAccounts.Ledger;
using FinalAccounts.Regions;

namespace FinalAccounts.Server.Access;

/// <summary>
/// What is done with accounts from the terminal, by those who can reach the database: a new password for somebody who has lost it, and
/// the users of the demonstration.
/// </summary>
public static class AccessCommands
{
    /// <summary>Who is entered in the access audit.</summary>
    private const string Actor = "terminal";

    /// <summary>The users of the demonstration, a role each; the administrator is the one of the first start.</summary>
    private static readonly (string Name, Role Role)[] DemoUsers =
    [
        ("demo-clerk", Role.Clerk),
        ("demo-head", Role.Head),
        ("demo-bureau", Role.Bureau),
        ("demo-auditor", Role.Auditor),
        (AccessStart.FirstAdministrator, Role.Administrator),
    ];

    /// <param name="command"><c>reset-password</c> with a login name, or <c>demo-users</c> with the clerk's department as
    /// <c>region/department</c>.</param>
    /// <returns>The exit code: 0 when done, 2 when the argument is wrong.</returns>
    public static async Task<int> RunAsync(
        WebApplication app, string command, string argument, TextWriter terminal, CancellationToken cancellationToken)
    {
        var database = app.Services.GetRequiredService<Database>();
        await AccessSchema.MigrateAsync(database.Owner, database.ApplicationRole, cancellationToken);
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<Users>();
        return command == "demo-users"
            ? await MakeDemoUsersAsync(users, database, argument, terminal, cancellationToken)
            : await ResetPasswordAsync(users, argument, terminal);
    }

    private static async Task<int> ResetPasswordAsync(Users users, string name, TextWriter terminal)
    {
        if (await users.FindByNameAsync(name) is not { } user)
        {
            await WriteAsync(terminal, "ProblemNoSuchUser");
            return 2;
        }

        await WriteAsync(terminal, "PasswordMade", name);
        await terminal.WriteLineAsync(await users.ResetPasswordAsync(Actor, user));
        return 0;
    }

    /// <summary>Clerk and head of one department, the others of all regions. Who is there already keeps the password.</summary>
    private static async Task<int> MakeDemoUsersAsync(
        Users users, Database database, string place, TextWriter terminal, CancellationToken cancellationToken)
    {
        if (place.Split('/') is not [var region, var department] || !RegionCode.IsValid(region) || !DepartmentCode.IsValid(department))
        {
            await WriteAsync(terminal, "DemoPlaceWrong", place);
            return 2;
        }

        var regions = await database.ListRegionsAsync(cancellationToken);
        await WriteAsync(terminal, "DemoUsers");
        foreach (var (name, role) in DemoUsers)
        {
            var found = await users.FindByNameAsync(name);
            var (user, password) = found is null ? await users.CreateAsync(Actor, name, mustChangePassword: false) : (found, null);
            Assignment[] assignments = RoleRights.ReachOf(role) == Reach.Region
                ? [.. regions.Select(r => new Assignment(role, r, null))]
                : [AccessDocument.Assign(role, new(region), new(department))];
            foreach (var assignment in assignments)
            {
                await users.AssignAsync(Actor, user, assignment, cancellationToken);
            }

            await terminal.WriteLineAsync($"  {name,-14} {password ?? AccessTexts.Chinese["DemoPasswordKept", name],-22} {AccessTexts.Chinese["Role" + role]} {role}");
        }

        return 0;
    }

    /// <summary>A line in each language.</summary>
    internal static async Task WriteAsync(TextWriter terminal, string text, params object[] arguments)
    {
        await terminal.WriteLineAsync(AccessTexts.Chinese[text, arguments]);
        await terminal.WriteLineAsync(AccessTexts.English[text, arguments]);
    }
}
