namespace FinalAccounts.Regions;

/// <summary>What is wrong with what was asked for; the name is the key of its text.</summary>
public enum RegionProblem
{
    /// <summary>Not a region's code (six digits).</summary>
    NotARegion,

    /// <summary>There is no log of the region.</summary>
    RegionMissing,

    /// <summary>There is no region at all.</summary>
    NoRegion,

    /// <summary>There are several, and none is named.</summary>
    RegionsSeveral,

    /// <summary>No department of that code or name.</summary>
    DepartmentUnknown,

    /// <summary>The department's year is not opened, as of then.</summary>
    YearNotOpened,

    /// <summary>The log does not reach to the position.</summary>
    PositionOutside,

    /// <summary>There is no chart of accounts of the year.</summary>
    ChartMissing,

    /// <summary>This program does not have the year's form pack.</summary>
    FormPackMissing,

    /// <summary>The department has no units to be consolidated with.</summary>
    NoMembers,

    /// <summary>Units of the department have not opened the year.</summary>
    MembersNotOpened,

    /// <summary>The folder of a replay has something else in it.</summary>
    ReplayFolderTaken,

    /// <summary>Another process replays into the folder just now.</summary>
    ReplayRunning,

    /// <summary>A folder of form packs has too many files, or one that is too long.</summary>
    FormsTooLarge,

    /// <summary>A setting that should name a database does not.</summary>
    ConnectionStringWrong,

    /// <summary>The file that says which server a region lies on is not as it must be.</summary>
    PlacementWrong,

    /// <summary>The region has books already, and something made up is not added to them.</summary>
    RegionNotEmpty,
}

/// <summary>How a problem is to be taken by who asked.</summary>
public enum ProblemKind
{
    /// <summary>What was named does not exist.</summary>
    NotFound,

    /// <summary>The question is wrong in itself.</summary>
    Usage,

    /// <summary>It can't be done as things stand; nothing was changed.</summary>
    Refused,
}

/// <summary>Something that was asked of a region can't be done. The text is for the user, in the user's language.</summary>
public sealed class RegionException(RegionProblem problem, params object?[] arguments) : Exception(problem.ToString())
{
    public RegionProblem Problem { get; } = problem;

    public IReadOnlyList<object?> Arguments { get; } = arguments;

    public ProblemKind Kind => Problem switch
    {
        RegionProblem.RegionMissing or RegionProblem.NoRegion or RegionProblem.DepartmentUnknown or RegionProblem.YearNotOpened => ProblemKind.NotFound,
        RegionProblem.NotARegion or RegionProblem.RegionsSeveral or RegionProblem.PositionOutside or RegionProblem.ConnectionStringWrong
            or RegionProblem.PlacementWrong => ProblemKind.Usage,
        _ => ProblemKind.Refused,
    };

    public string ToText(Words words) => words[Problem.ToString(), Arguments];
}
