namespace FinalAccounts.Import;

/// <summary>What one import may bring. Far above a department's year; what is larger is a mistake or an attack.</summary>
public static class ImportLimits
{
    /// <summary>Bytes of one file, a workbook included: 32 MiB.</summary>
    public const int FileBytes = 32 * 1024 * 1024;

    /// <summary>Bytes of a workbook's parts once unpacked: 256 MiB.</summary>
    public const long UnpackedBytes = 256L * 1024 * 1024;

    /// <summary>Rows of one list, the header not counted.</summary>
    public const int Rows = 200_000;

    /// <summary>Columns of one list.</summary>
    public const int Columns = 50;

    /// <summary>Characters of one cell of a list.</summary>
    public const int CellCharacters = 2_000;

    /// <summary>Characters of one text in a YAML file: sections of the narrative are written there.</summary>
    public const int TextCharacters = 20_000;

    /// <summary>Errors that are listed; the rest is counted.</summary>
    public const int ListedErrors = 200;
}
