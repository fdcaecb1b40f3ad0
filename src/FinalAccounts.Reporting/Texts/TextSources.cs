using System.Collections.Frozen;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;

namespace FinalAccounts.Reporting;

/// <summary>
/// What a text of a document was made from: noted while it was rendered, so it is what the text depends on and nothing else.
/// </summary>
public sealed class TextSources
{
    private static readonly FrozenSet<string> OfProfile = ["selfName", "duties", "offices", "officeRank", "subordinates"];
    private static readonly FrozenSet<string> OfRegistration = ["unit", "region", "selfName"];
    private static readonly FrozenSet<string> OfMeetings = ["meetingNames", "meetingContents"];
    private static readonly FrozenSet<string> OfTargets = ["budgetName", "goal", "responsibleDepartment", "implementingUnit"];
    private static readonly FrozenSet<string> OfResults = ["achievements", "problems", "improvements", "application", "hasResults"];

    private static readonly FrozenSet<string> OfEvaluation =
        ["scored", "grade", "hasEvaluation", "isEvaluated", "evaluationYear", "evaluationMonth", "evaluationDay"];

    private readonly List<SumQuery> queries = [];
    private readonly HashSet<string> subjects = [];
    private readonly HashSet<(string? Project, string Name)> names = [];

    /// <summary>The sums that the text prints, and those that decide how it reads.</summary>
    public IReadOnlyList<SumQuery> Queries => queries;

    /// <summary>The subjects of the explanations that it asked for.</summary>
    public IReadOnlySet<string> Subjects => subjects;

    /// <summary>True when the text asked for what the event says in words. What it says in facts, the queries find.</summary>
    /// <param name="consolidated">True for a department with its units, for which some explanations are written apart.</param>
    public bool IsFedBy(LedgerEvent @event, bool consolidated) => @event switch
    {
        ExplanationWritten { Subject: var subject } when consolidated =>
            subject.StartsWith(Consolidating.Prefix, StringComparison.Ordinal) && subjects.Contains(subject[Consolidating.Prefix.Length..]),
        ExplanationWritten e => subjects.Contains(e.Subject),
        ProfileRevised => names.Any(n => OfProfile.Contains(n.Name)),
        DepartmentRegistered => names.Any(n => OfRegistration.Contains(n.Name)),
        StatisticsReported { Meetings: not null } => names.Any(n => OfMeetings.Contains(n.Name)),
        PerformanceTargetsSet e => names.Any(n => n.Project == e.Project && OfTargets.Contains(n.Name)),
        PerformanceResultsReported e => names.Any(n => n.Project == e.Project && OfResults.Contains(n.Name)),
        SelfEvaluationReported e => names.Any(n => n.Project == e.Project && OfEvaluation.Contains(n.Name)),
        _ => false,
    };

    internal void Add(SumQuery query) => queries.Add(query);

    internal void AddSubject(string subject) => subjects.Add(subject);

    internal void AddName(string? project, string name) => names.Add((project, name));

    internal void Add(TextSources other)
    {
        queries.AddRange(other.queries);
        subjects.UnionWith(other.subjects);
        names.UnionWith(other.names);
    }
}

/// <summary>The values that a template may use. Which of them it reads is noted.</summary>
internal sealed class TemplateValues(Action<TemplateValues, string> read) : Dictionary<string, object?>, IDictionary<string, object?>
{
    /// <summary>The project that the values are about; null for none.</summary>
    public string? Project => GetValueOrDefault("project") is string { Length: > 0 } project ? project : null;

    // The template engine reads through the interface.
    bool IDictionary<string, object?>.TryGetValue(string key, out object? value)
    {
        read(this, key);
        return TryGetValue(key, out value);
    }

    private object? GetValueOrDefault(string key) => TryGetValue(key, out var value) ? value : null;
}
