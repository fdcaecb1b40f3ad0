namespace FinalAccounts.Import;

/// <summary>What one import may bring. Far above a department's year; what is larger is a mistake or an attack.</summary>
public static class ImportLimits
{
    /// <summary>Bytes of one file, a workbook included: 32 MiB. Lists of vouchers in CSV may be larger: <see cref="VoucherFileBytes"/>.</summary>
    public const int FileBytes = 32 * 1024 * 1024;

    /// <summary>Bytes of income.csv and of expenditure.csv, which are read without holding them: 512 MiB.</summary>
    public const int VoucherFileBytes = 512 * 1024 * 1024;

    /// <summary>Bytes of a workbook's parts once unpacked: 256 MiB.</summary>
    public const long UnpackedBytes = 256L * 1024 * 1024;

    /// <summary>Rows of one list, the header not counted.</summary>
    public const int Rows = 200_000;

    /// <summary>Rows of income.csv and of expenditure.csv, the header not counted.</summary>
    public const int VoucherRows = 2_500_000;

    /// <summary>Columns of one list.</summary>
    public const int Columns = 50;

    /// <summary>Characters of one cell of a list.</summary>
    public const int CellCharacters = 2_000;

    /// <summary>Bytes of one line of a file, or of a record whose cells go over several lines: 2 MiB.</summary>
    public const int LineBytes = 2 * 1024 * 1024;

    /// <summary>Characters of one text in a YAML file: sections of the narrative are written there.</summary>
    public const int TextCharacters = 20_000;

    /// <summary>Errors that are listed; the rest is counted. Warnings likewise.</summary>
    public const int ListedErrors = 200;

    /// <summary>Bytes of new events that a plan holds in memory; more go to a file: 4 MiB.</summary>
    public const int PlannedBytesInMemory = 4 * 1024 * 1024;
}
