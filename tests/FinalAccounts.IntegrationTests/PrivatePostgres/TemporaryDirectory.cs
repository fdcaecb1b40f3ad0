namespace FinalAccounts.IntegrationTests.PrivatePostgres;

/// <summary>A directory of a test, removed with all that it holds.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("fa-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>The path, which other users may walk through: the server runs as another user when the tests run as root.</summary>
    public TemporaryDirectory()
    {
        File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
