namespace FinalAccounts.Reporting;

/// <summary>Notes, while a document is built, what it asks for and does not get.</summary>
internal sealed class Gaps
{
    private readonly List<MissingItem> missing = [];
    private readonly List<ReportFinding> findings = [];
    private readonly HashSet<MissingItem> listed = [];
    private readonly HashSet<string> asked = [];

    /// <summary>What is missing, in the order of the document, each once per place.</summary>
    public IReadOnlyList<MissingItem> Missing => missing;

    public IReadOnlyList<ReportFinding> Findings => findings;

    /// <summary>The subjects of explanations that the document asked for.</summary>
    public IReadOnlySet<string> Asked => asked;

    public void Ask(string subject) => asked.Add(subject);

    public void Add(MissingItem item)
    {
        if (listed.Add(item))
        {
            missing.Add(item);
        }
    }

    /// <summary>A sentence may be rendered more than once; what is wrong with it is said once.</summary>
    public void Add(ReportFinding finding)
    {
        if (!findings.Exists(f => f.IsSameAs(finding)))
        {
            findings.Add(finding);
        }
    }
}
