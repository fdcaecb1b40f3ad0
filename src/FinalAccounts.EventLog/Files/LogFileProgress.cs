namespace FinalAccounts.EventLog.Files;

/// <summary>What is done with the file of a whole log.</summary>
public enum LogFileStep
{
    /// <summary>A log is written into it.</summary>
    Writing,

    /// <summary>It is gone through, and nothing is stored.</summary>
    Checking,

    /// <summary>Its events are stored.</summary>
    Storing,
}

/// <summary>How far a step is.</summary>
/// <param name="Done">Of <paramref name="Total"/>: events while the file is written, bytes of the file while it is read.</param>
/// <param name="Items">Events written, checked or stored in this step so far.</param>
public readonly record struct LogFileProgress(LogFileStep Step, long Done, long Total, long Items);
