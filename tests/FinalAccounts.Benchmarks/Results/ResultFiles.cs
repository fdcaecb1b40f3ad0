namespace FinalAccounts.Benchmarks.Results;

/// <summary>The results in the repository: what was measured, and the documents that are made of it.</summary>
public static class ResultFiles
{
    private const string Results = "performance.json";

    /// <summary>The documents, by file name.</summary>
    public static IReadOnlyDictionary<string, Func<PerformanceResults, string>> Documents { get; } = new Dictionary<string, Func<PerformanceResults, string>>
    {
        ["performance.md"] = PerformanceDocument.Render,
        ["scaling.md"] = ScalingDocument.Render,
    };

    /// <summary>Puts a part that was measured in the place of what was measured of it before, and makes the documents.</summary>
    public static async Task WriteAsync(string folder, PartResult measured)
    {
        var results = (await ReadAsync(folder)).With([measured], Parts.Names);
        await File.WriteAllTextAsync(Path.Combine(folder, Results), results.ToJson());
        await RenderAsync(folder);
    }

    /// <summary>Makes the documents of what was measured.</summary>
    public static async Task RenderAsync(string folder)
    {
        var results = await ReadAsync(folder);
        foreach (var (name, render) in Documents)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), render(results));
        }
    }

    /// <summary>What was measured; nothing when there is no such file.</summary>
    public static async Task<PerformanceResults> ReadAsync(string folder)
    {
        var file = Path.Combine(folder, Results);
        return File.Exists(file) ? PerformanceResults.FromJson(await File.ReadAllTextAsync(file)) : PerformanceResults.Empty;
    }
}
