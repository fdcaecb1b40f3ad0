using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace FinalAccounts.Reporting.Fidelity;

/// <summary>A difference from the published document that somebody has looked into (differences.yaml).</summary>
public sealed class DeclaredDifference
{
    /// <summary>Where it is: the <see cref="FidelityDifference.Where"/> of the difference.</summary>
    [YamlMember(Alias = "位置", ApplyNamingConventions = false)]
    public required string Where { get; init; }

    /// <summary>The published value, or of a text a passage that stands in it once; null where nothing is printed.</summary>
    [YamlMember(Alias = "公布", ApplyNamingConventions = false)]
    public string? Published { get; init; }

    /// <summary>What the program prints there; null where it prints nothing.</summary>
    [YamlMember(Alias = "程序", ApplyNamingConventions = false)]
    public string? Computed { get; init; }

    /// <summary>Why: a printing error, arithmetically impossible, blank in print, …</summary>
    [YamlMember(Alias = "原因", ApplyNamingConventions = false)]
    public required string Cause { get; init; }

    /// <summary>Reads a list of declared differences; an empty text is an empty list.</summary>
    /// <exception cref="TranscriptionException">It is not such a list; the message names line and column.</exception>
    public static IReadOnlyList<DeclaredDifference> Read(string yaml)
    {
        try
        {
            return new DeserializerBuilder().WithDuplicateKeyChecking().WithEnforceRequiredMembers().Build()
                .Deserialize<List<DeclaredDifference>?>(yaml) ?? [];
        }
        catch (YamlException e)
        {
            throw new TranscriptionException($"{e.Start.Line}:{e.Start.Column}", e.InnerException?.Message ?? e.Message, e);
        }
    }
}

/// <summary>The declared differences of a sample, and which of them have been met.</summary>
internal sealed class Declarations(IReadOnlyList<DeclaredDifference> all)
{
    private readonly ILookup<string, DeclaredDifference> byPlace = all.ToLookup(d => FoldedText.Of(d.Where));
    private readonly HashSet<DeclaredDifference> met = [];

    public IReadOnlyList<DeclaredDifference> Stale => [.. all.Where(d => !met.Contains(d))];

    /// <summary>The declared cause of a difference in a value; null when it is not declared with just these two values.</summary>
    public string? Cause(string where, string? published, string? computed)
    {
        var declared = byPlace[FoldedText.Of(where)].FirstOrDefault(d => FoldedText.Same(d.Published, published) && FoldedText.Same(d.Computed, computed));
        if (declared is null)
        {
            return null;
        }

        met.Add(declared);
        return declared.Cause;
    }

    /// <summary>
    /// The declared passages of a text: those that stand in it just once. A passage that stands there more often declares
    /// nothing, since it would hide a second difference.
    /// </summary>
    /// <returns>The passages with their place in the folded text, from back to front.</returns>
    public IReadOnlyList<(TextSpan Span, DeclaredDifference Declared)> Passages(string where, string folded)
    {
        List<(TextSpan Span, DeclaredDifference Declared)> passages = [];
        foreach (var declared in byPlace[FoldedText.Of(where)].Where(d => !string.IsNullOrWhiteSpace(d.Published)))
        {
            var passage = FoldedText.Of(declared.Published!);
            var at = folded.IndexOf(passage, StringComparison.Ordinal);
            if (at >= 0 && folded.LastIndexOf(passage, StringComparison.Ordinal) == at)
            {
                passages.Add((new(at, passage.Length), declared));
            }
        }

        return [.. passages.OrderByDescending(p => p.Span.Start)];
    }

    /// <summary>Notes that a declared passage is one.</summary>
    public void Meet(DeclaredDifference declared) => met.Add(declared);
}
