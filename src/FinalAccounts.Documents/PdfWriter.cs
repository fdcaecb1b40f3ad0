using System.ComponentModel;
using System.Diagnostics;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents;

/// <summary>
/// Prints disclosure.html to PDF with the Chromium of the distribution: on A4, with page numbers, as the style sheet says. Each print has a
/// profile of its own that is gone afterwards, and no network. Unlike the other forms of a document a PDF has its time of printing in it.
/// </summary>
public static class PdfWriter
{
    /// <summary>Names the program to print with, where it is not found by itself.</summary>
    public const string Variable = "FINALACCOUNTS_CHROMIUM";

    /// <summary>Prints at a time; others wait. A browser takes some 200 MB.</summary>
    public const int AtATime = 2;

    /// <summary>How long a print may take, the waiting left out.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly SemaphoreSlim Turn = new(AtATime);

    private static readonly IReadOnlyList<string> Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>What keeps the browser to itself: it prints one file, and neither looks for updates nor for anything else.</summary>
    private static readonly IReadOnlyList<string> Arguments =
    [
        "--headless=new", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-dev-shm-usage", "--metrics-recording-only",
        "--mute-audio", "--no-pdf-header-footer", "--host-resolver-rules=MAP * ~NOTFOUND",
    ];

    /// <summary>True when documents can be printed on this machine.</summary>
    public static bool IsAvailable => Find() is not null;

    /// <summary>The document as PDF.</summary>
    /// <exception cref="ChromiumMissingException">There is no Chromium; install the package <c>chromium</c>.</exception>
    /// <exception cref="PdfException">It did not print, or not in time.</exception>
    /// <exception cref="ArgumentException">A table's layout or the place of a number does not hold together.</exception>
    public static async Task<byte[]> WriteAsync(DisclosureDocument document, CancellationToken cancellationToken)
    {
        var program = Find() ?? throw new ChromiumMissingException();
        var html = HtmlWriter.Write(document);
        await Turn.WaitAsync(cancellationToken);
        var folder = Directory.CreateTempSubdirectory("finalaccounts-pdf-").FullName;
        try
        {
            var (source, target) = (Path.Combine(folder, "disclosure.html"), Path.Combine(folder, "disclosure.pdf"));
            await File.WriteAllBytesAsync(source, html, cancellationToken);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Limit);
            await PrintAsync(program, folder, source, target, cancellationToken, limit.Token);
            return File.Exists(target) ? await File.ReadAllBytesAsync(target, cancellationToken) : throw new PdfException("Chromium has printed nothing.");
        }
        finally
        {
            Turn.Release();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PrintAsync(
        string program, string folder, string source, string target, CancellationToken cancelled, CancellationToken limited)
    {
        ProcessStartInfo start = new(program) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder };

        // Its settings, caches and locks go to the folder too.
        start.Environment["HOME"] = folder;
        start.Environment["XDG_CONFIG_HOME"] = folder;
        start.Environment["XDG_CACHE_HOME"] = folder;
        foreach (var argument in Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (Environment.UserName == "root")
        {
            // Chromium's sandbox does not work for root.
            start.ArgumentList.Add("--no-sandbox");
        }

        start.ArgumentList.Add($"--user-data-dir={Path.Combine(folder, "profile")}");
        start.ArgumentList.Add($"--print-to-pdf={target}");
        start.ArgumentList.Add(new Uri(source).AbsoluteUri);
        using var process = Start(start);
        try
        {
            var said = process.StandardError.ReadToEndAsync(limited);
            await Task.WhenAll(said, process.StandardOutput.ReadToEndAsync(limited), process.WaitForExitAsync(limited));
            if (process.ExitCode != 0)
            {
                throw new PdfException($"Chromium ended with {process.ExitCode}: {(await said).Trim()}");
            }
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw new PdfException($"Chromium did not print within {Limit.TotalSeconds} seconds.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new PdfException($"{start.FileName} can't be started: {e.Message}");
        }
    }

    private static string? Find() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? File.Exists(named) ? named : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}

/// <summary>There is no Chromium on this machine.</summary>
public sealed class ChromiumMissingException() : Exception("Chromium is not installed: sudo apt-get install chromium");

/// <summary>A document could not be printed.</summary>
public sealed class PdfException(string message) : Exception(message);
