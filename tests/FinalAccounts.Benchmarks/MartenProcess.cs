using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using FinalAccounts.Benchmarks.Results;

namespace FinalAccounts.Benchmarks;

/// <summary>What is measured with Marten.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MartenWork>))]
internal enum MartenWork
{
    /// <summary>Appends through plain Marten.</summary>
    Append,

    /// <summary>Appends through our log on Marten, its hashes and command ids included.</summary>
    AppendThroughOurLog,

    /// <summary>Marten's own bulk insert of postings.</summary>
    Bulk,

    /// <summary>The live aggregation of a stream of 10,000 events into its facts.</summary>
    Fold,

    /// <summary>The rebuild of a projection by the asynchronous daemon.</summary>
    Rebuild,

    /// <summary>What a posting takes that was appended singly.</summary>
    StoredSingly,

    /// <summary>What a posting takes that was inserted in bulk.</summary>
    StoredInBulk,
}

/// <summary>One turn of Marten's.</summary>
/// <param name="Callers">Who append at the same time.</param>
/// <param name="Size">Events of an append, or of the bulk insert.</param>
/// <param name="Seconds">How long it lasts where it goes by time.</param>
internal sealed record MartenTurn(MartenWork Work, int Callers, int Size, double Seconds);

/// <summary>
/// The program that measures Marten: FinalAccounts.CritterStackBenchmarks, which is built where a package feed has Marten. It is told the
/// connection, and then turn by turn what to do, a line each; it answers with a line, and does nothing while others have their turns.
/// </summary>
internal sealed class MartenProcess : IAsyncDisposable
{
    private readonly Process process;

    private MartenProcess(Process process, string version) => (this.process, Version) = (process, version);

    /// <summary>Marten's version.</summary>
    public string Version { get; }

    /// <param name="program">The program's assembly.</param>
    public static async Task<MartenProcess> StartAsync(string program, string connectionString, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [program]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.WriteLineAsync(connectionString.AsMemory(), cancellationToken);
        return new(process, await ReadAsync(process, cancellationToken));
    }

    public async Task<Measured> MeasureAsync(MartenTurn turn)
    {
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(turn));
        return JsonSerializer.Deserialize<Measured>(await ReadAsync(process, default))!;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<string> ReadAsync(Process process, CancellationToken cancellationToken) =>
        await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("What measures Marten has failed.");
}
