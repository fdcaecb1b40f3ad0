using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Reporting.Replays;

namespace FinalAccounts.Regions.Replays;

/// <summary>How a document that was rebuilt stands to what was published.</summary>
public enum ReplayVerdict
{
    /// <summary>The same bytes.</summary>
    Same,

    /// <summary>Other bytes.</summary>
    Drift,

    /// <summary>The year is not published; there is nothing to compare with.</summary>
    NotPublished,

    /// <summary>It can't be rebuilt any more.</summary>
    Failed,
}

/// <summary>Where drift comes from, as far as it can be told.</summary>
public enum DriftCause
{
    /// <summary>With the form pack as it was then, the published bytes come out.</summary>
    FormPack,

    /// <summary>The form pack is the same, the program is another.</summary>
    Program,

    /// <summary>Both are others, and the form pack alone does not explain it.</summary>
    FormPackAndProgram,

    /// <summary>Form pack and program are the same, or nobody knows what they were.</summary>
    Unknown,
}

/// <summary>A form pack that is not what it was.</summary>
/// <param name="Name">The pack's name.</param>
/// <param name="Then">SHA-256 of its files' list when the document was published.</param>
/// <param name="Now">The same now.</param>
/// <param name="Files">The paths of the files that differ; empty when the list of then is not kept.</param>
public sealed record FormChange(string Name, string Then, string Now, IReadOnlyList<string> Files);

/// <summary>One document of a replay.</summary>
/// <param name="Name">The department's name.</param>
/// <param name="Publication">Position of the event that published it; null when the year is not published.</param>
/// <param name="Seal">What the document was built from.</param>
/// <param name="Published">SHA-256 of the published bytes.</param>
/// <param name="Now">SHA-256 of the bytes as rebuilt; null when it could not be.</param>
/// <param name="IsKept">False when the published bytes are not there, or not as they were, so that only their hash could be compared.</param>
/// <param name="Program">The program that made the published document; null when it is not known or the same as now.</param>
/// <param name="Form">How the form pack differs; null when it does not or what it was is not known.</param>
/// <param name="Cause">Where drift comes from; null without drift.</param>
/// <param name="Moved">What moved; empty without drift, or when the published bytes are not there.</param>
/// <param name="Problem">Why it could not be rebuilt, in the language of the documents.</param>
public sealed record ReplayedDocument(
    DepartmentCode Department,
    string Name,
    FiscalYear Year,
    ReplayVerdict Verdict,
    long? Publication,
    Seal Seal,
    string? Published,
    string? Now,
    bool IsKept,
    string? Program,
    FormChange? Form,
    DriftCause? Cause,
    IReadOnlyList<Moved> Moved,
    string? Problem);

/// <summary>What a replay came to.</summary>
/// <param name="Head">The log was replayed up to here, its chain checked.</param>
/// <param name="Years">Years of departments whose facts were rebuilt.</param>
/// <param name="Documents">By department, year and publication.</param>
/// <param name="HasMembers">True when departments of the region have units: documents with all units are never published, so they are not replayed.</param>
public sealed record ReplayReport(
    RegionCode Region, Seal Head, string Program, int Years, IReadOnlyList<ReplayedDocument> Documents, bool HasMembers)
{
    /// <summary>The file that the report stands in when the replay is complete; each document's folder has one of its own.</summary>
    public const string FileName = "replay.json";

    /// <summary>True when every published document came out as it was published.</summary>
    public bool IsFaithful => Documents.All(d => d.Verdict is ReplayVerdict.Same or ReplayVerdict.NotPublished);
}

/// <summary>How far a replay has come.</summary>
/// <param name="Events">Events read, of <paramref name="EventsInAll"/>.</param>
/// <param name="Documents">Documents done, of <paramref name="DocumentsInAll"/>, which is 0 until it is known.</param>
public sealed record ReplayProgress(long Events, long EventsInAll, int Documents, int DocumentsInAll);
