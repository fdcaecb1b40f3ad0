namespace FinalAccounts.Server.Imports;

/// <summary>What one upload of a department's lists may bring; <see cref="Import.ImportLimits"/> say what each file may.</summary>
public static class UploadLimits
{
    /// <summary>Bytes of all files together, as they are sent: 64 MiB. What is larger is imported with <c>fa import</c>, or as a .zip.</summary>
    public const long Bytes = 64L * 1024 * 1024;

    /// <summary>Files of one upload, or of an archive in it.</summary>
    public const int Files = 30;

    /// <summary>Characters of a file's name.</summary>
    public const int NameCharacters = 100;

    /// <summary>Uploads that are kept on the disk; the oldest that is not confirmed is forgotten for a new one.</summary>
    public const int Stored = 30;

    /// <summary>Bytes of all uploads that are kept: 1 GiB.</summary>
    public const long StoredBytes = 1024L * 1024 * 1024;

    /// <summary>New events up to which it is shown what an import would change: more would have to be held in memory.</summary>
    public const int PreviewedEvents = 100_000;
}
