namespace FinalAccounts.Server.Imports;

/// <summary>What one upload of a department's lists may bring; <see cref="Import.ImportLimits"/> say what each file may.</summary>
public static class UploadLimits
{
    /// <summary>Bytes of all files together, as they are sent: 64 MiB.</summary>
    public const long Bytes = 64L * 1024 * 1024;

    /// <summary>Files of one upload, or of an archive in it.</summary>
    public const int Files = 30;

    /// <summary>Characters of a file's name.</summary>
    public const int NameCharacters = 100;
}
