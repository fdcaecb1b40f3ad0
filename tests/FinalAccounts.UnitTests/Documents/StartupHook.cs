using System.Globalization;
using FinalAccounts.UnitTests.Documents;

/// <summary>
/// Turns this assembly, started as a program of its own with DOTNET_STARTUP_HOOKS, into one that prints the hashes of the sample
/// document and ends. The runtime prescribes name, namespace (none) and method.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = SameBytesTest.OtherCulture();
        Console.Write($"{TimeZoneInfo.Local.Id} {SameBytesTest.Hashes()}");
        Environment.Exit(0);
    }
}
