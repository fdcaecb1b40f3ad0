namespace FinalAccounts.Benchmarks.Results;

/// <summary>The parts of the program, in order.</summary>
public static class Parts
{
    public const string Log = "log";
    public const string Batch = "batch";
    public const string Bulk = "bulk";
    public const string Read = "read";
    public const string Fold = "fold";
    public const string Replay = "replay";
    public const string Project = "project";
    public const string Size = "size";
    public const string Growth = "growth";
    public const string Rollup = "rollup";
    public const string Api = "api";
    public const string City = "city";
    public const string Import = "import";

    private static readonly (string Name, string Title)[] Titles =
    [
        (Log, "Appending single events"),
        (Batch, "Appending batches"),
        (Bulk, "Bulk import into the log"),
        (Read, "Reading and verifying the log"),
        (Fold, "Folding a year"),
        (Replay, "From the whole log to facts"),
        (Project, "Projections: tables kept up to date, and built anew"),
        (Size, "Stored size"),
        (Growth, "Growth"),
        (Rollup, "Totals over all departments"),
        (Api, "The API"),
        (City, "A whole city"),
        (Import, "Importing a department's lists"),
    ];

    /// <summary>All names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Titles.Select(t => t.Name)];

    /// <exception cref="InvalidOperationException">There is no such part.</exception>
    public static string Title(string name) => Titles.First(t => t.Name == name).Title;
}
