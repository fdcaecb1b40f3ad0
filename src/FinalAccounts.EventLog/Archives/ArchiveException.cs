namespace FinalAccounts.EventLog.Archives;

/// <summary>Why a year can't be archived or restored. Nothing was changed.</summary>
public enum ArchiveProblem
{
    /// <summary>The region has no event of the year. Arguments: none.</summary>
    NoSuchYear,

    /// <summary>It is archived already. Arguments: the file's name.</summary>
    AlreadyArchived,

    /// <summary>Departments have not closed it. Arguments: their codes.</summary>
    NotClosed,

    /// <summary>Departments have not closed the year after it, whose comparisons are made from it. Arguments: their codes.</summary>
    NextYearNotClosed,

    /// <summary>Something was recorded while the file was written. Arguments: none.</summary>
    ChangedMeanwhile,

    /// <summary>The log is being read for long, so that the year can't be taken out of it now. Arguments: none.</summary>
    InUse,

    /// <summary>The file is another region's. Arguments: the region's code.</summary>
    OtherRegion,

    /// <summary>The file holds a whole log and no year. Arguments: none.</summary>
    NotAYear,

    /// <summary>The year is not archived. Arguments: none.</summary>
    NotArchived,

    /// <summary>It is not the file that was written. Arguments: the SHA-256 that it must have, and that it has.</summary>
    OtherFile,
}

/// <summary>A year can't be archived or restored; nothing was changed.</summary>
public sealed class ArchiveException(ArchiveProblem problem, params IReadOnlyList<string> arguments)
    : Exception($"{problem}: {string.Join(", ", arguments)}")
{
    public ArchiveProblem Problem { get; } = problem;

    public IReadOnlyList<string> Arguments { get; } = arguments;
}
