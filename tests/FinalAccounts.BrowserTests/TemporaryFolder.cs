using FinalAccounts.IntegrationTests.PrivatePostgres;

namespace FinalAccounts.BrowserTests;

/// <summary>A copy of a sample's lists to be changed and uploaded.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public TemporaryFolder(string source)
    {
        foreach (var file in Directory.EnumerateFiles(source).Where(f => Path.GetExtension(f) is ".csv" or ".yaml"))
        {
            File.Copy(file, directory[Path.GetFileName(file)]);
        }
    }

    public IReadOnlyList<string> Files => [.. Directory.EnumerateFiles(directory.Root)];

    public void Append(string file, string line) => File.AppendAllText(directory[file], line + "\n");

    public void Replace(string file, string from, string to) => File.WriteAllText(directory[file], File.ReadAllText(directory[file]).Replace(from, to, StringComparison.Ordinal));

    public void Dispose() => directory.Dispose();
}
