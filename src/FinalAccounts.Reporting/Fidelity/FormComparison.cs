namespace FinalAccounts.Reporting.Fidelity;

/// <summary>Compares the forms of performance parts, field by field.</summary>
internal static class FormComparison
{
    /// <summary>The first part of the places of differences.</summary>
    private const string Area = "绩效";

    /// <summary>Longer texts are compared by passages, so that a declaration need not repeat all of them.</summary>
    private const int LongestValue = 40;

    public static void Compare(Findings findings, IReadOnlyList<ComparedForm> published, IReadOnlyList<ComparedForm> ours)
    {
        Occurrences names = new();
        foreach (var key in published.Select(f => f.Key).Distinct())
        {
            var print = published.Where(f => f.Key == key).ToList();
            var made = ours.Where(f => f.Key == key).ToList();
            foreach (var pair in Alignment.Paired(Alignment.Of(print, made, (p, o) => FoldedText.Same(p.Subject, o.Subject))))
            {
                var form = pair.Left is { } l ? print[l] : null;
                var other = pair.Right is { } r ? made[r] : null;
                Form(findings, names.Name($"{Area}/{new FoldedText((form ?? other)!.Name).Kept}"), form, other);
            }
        }
    }

    /// <summary>Compares two forms; a missing one has no fields.</summary>
    private static void Form(Findings findings, string where, ComparedForm? print, ComparedForm? ours)
    {
        Fields(findings, where, print?.Fields ?? [], ours?.Fields ?? []);
        var (rows, made) = (print?.Indicators ?? [], ours?.Indicators ?? []);
        var number = 0;
        foreach (var pair in Alignment.Paired(Alignment.Of(rows, made, (p, o) => FoldedText.Same(p.Level3, o.Level3) && FoldedText.Same(p.Target, o.Target))))
        {
            var row = pair.Left is { } l ? rows[l] : null;
            var other = pair.Right is { } r ? made[r] : null;
            var place = FormPlaces.In(where, $"指标{++number}");
            Fields(findings, place, row?.Fields ?? [], other?.Fields ?? []);
        }
    }

    private static void Fields(Findings findings, string where, IReadOnlyList<ComparedField> print, IReadOnlyList<ComparedField> ours)
    {
        var made = ours.ToDictionary(f => FoldedText.Of(f.Place), f => f.IsFilledIn ? f.Text : null);
        foreach (var field in print)
        {
            made.Remove(FoldedText.Of(field.Place), out var computed);
            if (field.IsFilledIn || computed is not null)
            {
                Field(findings, $"{where}/{field.Place}", field.IsFilledIn ? field.Text : null, computed);
            }
        }

        foreach (var field in ours.Where(f => f.IsFilledIn && made.ContainsKey(FoldedText.Of(f.Place))))
        {
            Field(findings, $"{where}/{field.Place}", null, field.Text);
        }
    }

    private static void Field(Findings findings, string where, string? print, string? computed)
    {
        if (print is null || computed is null || (print.Length <= LongestValue && computed.Length <= LongestValue))
        {
            if (FoldedText.Same(print, computed))
            {
                findings.Count(Matter.Performance, true, !FoldedText.SameWidth(print, computed));
            }
            else
            {
                findings.Missing(Matter.Performance, where, print, computed);
            }
        }
        else
        {
            var isEqual = findings.Passages(Matter.Performance, where, new(print), new(computed), []);
            findings.Count(Matter.Performance, isEqual, !FoldedText.SameWidth(print, computed));
        }
    }
}
