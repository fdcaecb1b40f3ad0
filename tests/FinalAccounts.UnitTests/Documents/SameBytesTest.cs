using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using FinalAccounts.Documents;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Documents;

public class SameBytesTest
{
    private static readonly Func<DisclosureDocument, byte[]>[] Writers = [HtmlWriter.Write, DocxWriter.Write, XlsxWriter.Write, JsonWriter.Write];

    /// <summary>The SHA-256 of the sample document in each format.</summary>
    internal static string Hashes() =>
        string.Join(' ', Writers.Select(write => Convert.ToHexString(SHA256.HashData(write(SampleDisclosure.Document())))));

    /// <summary>A culture that writes numbers another way: decimal commas, another minus sign.</summary>
    internal static CultureInfo OtherCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "~";
        return culture;
    }

    [Fact]
    public void The_same_document_gives_the_same_bytes() => Hashes().ShouldBe(Hashes());

    [Fact]
    public void Another_document_gives_other_bytes()
    {
        foreach (var write in Writers)
            write(SampleDisclosure.With("另一局", "公务接待费")).ShouldNotBe(write(SampleDisclosure.Document()));
    }

    [Fact]
    public void Bytes_do_not_depend_on_the_culture()
    {
        var expected = Hashes();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = OtherCulture();
            Hashes().ShouldBe(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = before;
        }
    }

    [Theory]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("America/Los_Angeles")]
    public async Task Bytes_do_not_depend_on_the_process_its_time_zone_or_its_time(string timeZone)
    {
        var assembly = Assembly.GetExecutingAssembly().Location;
        var start = new ProcessStartInfo("dotnet", [assembly]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        start.Environment["TZ"] = timeZone;
        // .NET runs the class StartupHook of the named assembly before the program itself.
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        process.ExitCode.ShouldBe(0);
        output.ShouldBe($"{timeZone} {Hashes()}");
    }
}
