using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>Builds a department's disclosure from its books. Pure: the same books give the same document.</summary>
public static class DisclosureBuilder
{
    /// <exception cref="InvalidOperationException">The department is not registered or the year is not opened.</exception>
    /// <exception cref="FormPackException">The form pack is wrong for these books.</exception>
    public static DisclosureDocument Build(FormPack pack, ReportBooks books, ChartOfAccounts chart)
    {
        if (books.Current.Department is not { } department || books.Current.Opened is null)
        {
            throw new InvalidOperationException("The department is not registered or the year is not opened.");
        }

        FigureBook figures = new();
        Gaps gaps = new();
        Quantities quantities = new(pack, books);
        TextRenderer texts = new(pack, books, chart, quantities, figures, gaps);
        TableBuilder tables = new(pack, books, chart, quantities, figures, texts);
        Scorer scorer = new(pack.Scoring, books, quantities, new FigureBook());
        EvaluationBuilder evaluations = new(pack, books, quantities, figures, texts, scorer);
        FormBuilder forms = new(pack, tables, texts);
        List<DisclosurePart> parts = [];
        foreach (var part in pack.Parts)
        {
            var title = texts.Plain(part.Title!);
            parts.Add(part.Kind switch
            {
                PartKind.Tables => new TablesPart(
                    title,
                    [.. pack.Tables.Where(t => part.Tables?.Contains(t.Id!) ?? true).Select(tables.Build)],
                    part.Note is { } note ? texts.Plain(note) : null),
                PartKind.Text => new TextPart(title, part.Key!, Blocks(pack, texts, part), part.Contents ?? true),
                PartKind.Evaluations => new FormsPart(title, part.Key!, evaluations.Build(pack.Files.Evaluations[part.Evaluation!])),
                PartKind.Form => new FormsPart(title, part.Key!, forms.Build(part)),
                PartKind.Glossary => new GlossaryPart(title, pack.Glossary),
                PartKind.Attachments => new AttachmentsPart(title, books.Current.Profile?.Attachments ?? []),
                _ => throw new ArgumentOutOfRangeException(nameof(pack), part.Kind, "The part has no kind."),
            });
        }

        DisclosureUnit unit = new(department.Name, books.Current.Year.Value, department.RegionName, texts.Plain(pack.Title));
        var scores = scorer.All();
        return new(unit, parts, figures.Figures)
        {
            Missing = gaps.Missing,
            Scores = scores,
            Sources = texts.Sources,
            Findings = [.. BooksCheck.Check(books), .. gaps.Findings, .. UnusedExplanations(books, new(pack, books, quantities), gaps), .. scores.SelectMany(Scorer.Findings)],
        };
    }

    /// <summary>What somebody wrote and nobody will read.</summary>
    private static IEnumerable<ReportFinding> UnusedExplanations(ReportBooks books, Subjects subjects, Gaps gaps) =>
        books.Current.Explanations.Where(e => !gaps.Asked.Contains(e.Subject) && !IsForConsolidation(books, e.Subject)).Select(e =>
            new ReportFinding(subjects.Knows(e.Subject) ? ReportRules.SubjectNotAsked : ReportRules.SubjectUnknown, e.Subject, []));

    /// <summary>True in a department's own document for a reason that its document with all units prints.</summary>
    private static bool IsForConsolidation(ReportBooks books, string subject) =>
        subject.StartsWith(Consolidating.Prefix, StringComparison.Ordinal)
        && books.Current.Units.Count == 0
        && books.Current.Events.Any(e => e.Event is MembersDetermined { Members.Count: > 0 });

    private static List<TextBlock> Blocks(FormPack pack, TextRenderer texts, PartFile part)
    {
        List<TextBlock> blocks = [];
        foreach (var block in pack.Texts[part.Key!])
        {
            var listed = texts.Watch();
            if (block.Explained is { } subjects && !subjects.Exists(texts.IsExplained))
            {
                continue;
            }

            if (block.Each is not { } each)
            {
                blocks.Add(Block([]));
                continue;
            }

            var items = each switch
            {
                { Projects: { } projects } => texts.Projects(projects),
                { Numbered: { } text } => texts.Numbered(text),
                _ => texts.Functions(each.Level!, each.Quantities!, Narrowing.None),
            };
            foreach (var item in items)
            {
                blocks.Add(Block([.. item.Select(i => (i.Key, i.Value))]));
            }

            TextBlock Block((string, object?)[] values)
            {
                var id = texts.Plain(new(block.Id!, block.Place.File, block.Place.Line), values);
                var address = $"{part.Address}/{id}";
                var (heading, headingFigures, _) = texts.Block(address, block.Heading!, values);
                var (text, placed, drafts) = block.Text is { } template ? texts.Block(address, template, values) : ("", [], []);
                texts.AddSources(address, listed);
                return new(heading, block.Level!.Value, text, placed, drafts) { HeadingFigures = headingFigures, Address = address };
            }
        }

        return blocks;
    }
}
