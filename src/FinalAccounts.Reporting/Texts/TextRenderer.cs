using System.Globalization;
using System.Text;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Reporting.Forms;
using HandlebarsDotNet;

namespace FinalAccounts.Reporting;

/// <summary>
/// Renders a document's texts from the sentence templates of its form pack. Every number in a sentence is written by a
/// helper that enters it in the figure book.
/// </summary>
internal sealed class TextRenderer
{
    /// <summary>In a written reason: the program's draft.</summary>
    private const string DraftReference = "草稿";

    private readonly FormPack pack;
    private readonly ReportBooks books;
    private readonly ChartOfAccounts chart;
    private readonly Quantities quantities;
    private readonly FigureBook book;
    private readonly Gaps gaps;
    private readonly Reasons reasons;
    private readonly Dictionary<string, object?> root;
    private readonly Dictionary<string, TextSources> sources = [];

    /// <summary>The names under which templates find the texts of the performance results.</summary>
    public static readonly IReadOnlyList<string> WrittenTexts = ["achievements", "problems", "improvements", "application"];

    /// <summary>What the block that is being rendered is called in addresses; null where numbers may not stand.</summary>
    private string? block;

    /// <summary>Where what is read is noted.</summary>
    private TextSources reading = new();

    public TextRenderer(FormPack pack, ReportBooks books, ChartOfAccounts chart, Quantities quantities, FigureBook book, Gaps gaps)
    {
        (this.pack, this.books, this.chart, this.quantities, this.book, this.gaps) = (pack, books, chart, quantities, book, gaps);
        reasons = new(pack, books, new(pack, books, quantities));
        root = Root(books);
    }

    /// <summary>What the blocks and written texts were made from, by address.</summary>
    public IReadOnlyDictionary<string, TextSources> Sources => sources;

    /// <summary>Notes what is read from now on, until a text begins: what decides whether and how often there is one.</summary>
    public TextSources Watch() => reading = new();

    /// <summary>Adds to what a block was made from.</summary>
    public void AddSources(string address, TextSources noted) => SourcesOf(address).Add(noted);

    /// <summary>A text without numbers of its own: titles, headings, notes.</summary>
    public string Plain(PackText template, params (string Name, object? Value)[] values)
    {
        (block, reading) = (null, new());
        return Marks.Strip(Render(template, template.Text, values));
    }

    /// <summary>The same for a text that what it was made from is noted of.</summary>
    public string PlainAt(string address, PackText template, params (string Name, object? Value)[] values)
    {
        (block, reading) = (null, SourcesOf(address));
        return Marks.Strip(Render(template, template.Text, values));
    }

    /// <summary>A block's text; numbers get addresses below <paramref name="address"/>.</summary>
    public (string Text, IReadOnlyList<PlacedFigure> Figures, IReadOnlyList<TextSpan> Drafts) Block(
        string address, PackText template, params (string Name, object? Value)[] values)
    {
        (block, reading) = (address, SourcesOf(address));
        var rendered = Paragraphs(template.Text).Select(p => Render(template, p, values).Trim('\n')).Where(p => p.Length > 0);
        return Marks.Read(string.Join('\n', rendered));
    }

    /// <summary>A text that somebody wrote, in full, with its references replaced; numbers get addresses below <paramref name="address"/>.</summary>
    public (string Text, IReadOnlyList<PlacedFigure> Figures, IReadOnlyList<TextSpan> Drafts) Written(string address, string text)
    {
        (block, reading) = (address, SourcesOf(address));
        return Marks.Read(Linked(Marks.Clean(text).Trim(), Narrowing.None, null));
    }

    /// <summary>The paragraphs of a template: what a blank line separates.</summary>
    internal static string[] Paragraphs(string template) =>
        template.Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// The projects for which any of the quantities is not zero, with the names that templates use: those that were evaluated in
    /// the order of their evaluations, those that have targets in the order of these, then the others in the order in which the
    /// books name them first.
    /// </summary>
    public List<TemplateValues> Projects(IEnumerable<string> names)
    {
        var projects = books.Current.Facts.Facts.Where(f => f.Key.Measure == Measure.EvaluatedProjects).Select(f => f.Key.Project)
            .Concat(books.Current.Events.Select(e => e.Event).OfType<PerformanceTargetsSet>().Select(e => e.Project))
            .Concat(books.Current.Facts.Facts.Select(f => f.Key.Project))
            .OfType<string>()
            .Distinct()
            .Where(project => names.Any(name => quantities.Find(name, new(Project: project))?.Total(books) is { } total && total != 0));
        NoteList(names, Narrowing.None);
        return [.. projects.Select((project, i) => new TemplateValues(Read)
        {
            ["project"] = project,
            ["budgetName"] = books.Current.TargetsOf(project)?.CoveredProjects is [var only] ? only : project,
            ["number"] = i + 1,
            ["goal"] = books.Current.TargetsOf(project)?.Goal ?? "",
            ["achievements"] = books.Current.ResultsOf(project)?.Achievements ?? "",
            ["problems"] = books.Current.ResultsOf(project)?.Problems ?? "",
            ["improvements"] = books.Current.ResultsOf(project)?.Improvements ?? "",
            ["scored"] = books.Current.EvaluationOf(project) is not null,
            ["grade"] = books.Current.EvaluationOf(project)?.Grade ?? "",
        })];
    }

    /// <summary>The numbered parts of a written text, each with its heading and what stands under it.</summary>
    public List<TemplateValues> Numbered(string text)
    {
        reading.AddName(null, text);
        return
        [
            .. NumberedText.Read((string)root[text]!).Select((part, i) => new TemplateValues(Read)
            {
                ["name"] = part.Heading,
                ["body"] = part.Body,
                ["number"] = i + 1,
            }),
        ];
    }

    /// <summary>The evaluated projects with the names that templates use.</summary>
    public List<TemplateValues> EvaluatedProjects() =>
    [
        .. EvaluatedThing.All(books.Current).Where(e => e.Project is not null).Select((evaluated, i) => new TemplateValues(Read)
        {
            ["project"] = evaluated.Project,
            ["number"] = i + 1,
            ["responsibleDepartment"] = evaluated.Targets?.ResponsibleDepartment ?? "",
            ["implementingUnit"] = evaluated.Targets?.ImplementingUnit ?? books.Current.Department!.Name,
            ["goal"] = evaluated.Targets?.Goal ?? "",
            ["achievements"] = evaluated.Results?.Achievements ?? "",
            ["problems"] = evaluated.Results?.Problems ?? "",
            ["improvements"] = evaluated.Results?.Improvements ?? "",
            ["application"] = evaluated.Results?.Application ?? "",
            ["isEvaluated"] = evaluated.Evaluation is not null,
            ["evaluationYear"] = evaluated.Evaluation?.Date.Year,
            ["evaluationMonth"] = evaluated.Evaluation?.Date.Month,
            ["evaluationDay"] = evaluated.Evaluation?.Date.Day,
        }),
    ];

    /// <summary>
    /// The codes of a level for which any of the quantities is not zero, with the names that templates use; only those of a class
    /// or section when the narrowing names it.
    /// </summary>
    public List<TemplateValues> Functions(string level, IEnumerable<string> names, Narrowing narrowing)
    {
        var codes = books.Current.Facts.Keys
            .Select(k => k.Function)
            .OfType<FunctionCode>()
            .Select(code => AtLevel(code, level))
            .OfType<FunctionCode>()
            .Where(code => narrowing.Function is not { } within || code.IsWithin(within))
            .Distinct()
            .Order()
            .Where(code => names.Any(name => quantities.Find(name, narrowing.And(new(Function: code)))?.Total(books) is { } total && total != 0));
        NoteList(names, narrowing);
        return [.. codes.Select((code, i) => new TemplateValues(Read)
        {
            ["code"] = code.ToString(),
            ["class"] = code.Class.ToString(),
            ["name"] = NameOf(code),
            ["className"] = NameOf(code.Class),
            ["sectionName"] = code.IsItem ? NameOf(code.Parent!.Value) : code.IsSection ? NameOf(code) : "",
            ["number"] = i + 1,
        })];
    }

    private static Dictionary<string, object?> Root(ReportBooks books)
    {
        var profile = books.Current.Profile;
        var results = books.Current.OverallResults;
        return new()
        {
            ["unit"] = books.Current.Department!.Name,
            ["region"] = books.Current.Department.RegionName,
            ["year"] = books.Current.Year.Value,
            ["priorYear"] = books.Current.Year.Value - 1,
            ["selfName"] = profile?.SelfName ?? books.Current.Department.Name,
            ["duties"] = profile?.Duties ?? [],
            ["offices"] = profile?.Offices ?? [],
            ["officeRank"] = profile?.OfficeRank ?? "",
            ["subordinates"] = profile?.Subordinates ?? [],
            ["meetingNames"] = books.Current.Meetings.Select(m => m.Name).ToList(),
            ["meetingContents"] = books.Current.Meetings.Select(m => m.Content).ToList(),
            ["hasResults"] = results is not null,
            ["achievements"] = results?.Achievements ?? "",
            ["problems"] = results?.Problems ?? "",
            ["improvements"] = results?.Improvements ?? "",
            ["application"] = results?.Application ?? "",
            ["hasEvaluation"] = books.Current.OverallEvaluation is not null,
            ["grade"] = books.Current.OverallEvaluation?.Grade ?? "",
        };
    }

    private static FunctionCode? AtLevel(FunctionCode code, string level) => level switch
    {
        "class" => code.Class,
        "section" => code.IsSection ? code : code.Parent is { IsSection: true } section ? section : null,
        "item" => code.IsItem ? code : null,
        _ => throw new ArgumentException($"'{level}' is not 'class', 'section' or 'item'.", nameof(level)),
    };

    private string Render(PackText whole, string template, (string Name, object? Value)[] values)
    {
        try
        {
            return pack.Sentences.Render(this, template, Context(values));
        }
        catch (Exception e) when (e is HandlebarsException or ArgumentException or KeyNotFoundException)
        {
            var place = whole.At(Math.Max(0, whole.Text.IndexOf(template, StringComparison.Ordinal)));
            throw new FormPackException(new FormPackProblem(PackRule.TemplateWrong, place, e.Message), e);
        }
    }

    private TemplateValues Context((string Name, object? Value)[] values)
    {
        TemplateValues context = new(Read);
        foreach (var (name, value) in root.Select(r => (r.Key, r.Value)).Concat(values))
        {
            context[name] = value;
        }

        return context;
    }

    private TextSources SourcesOf(string address)
    {
        if (!sources.TryGetValue(address, out var found))
        {
            sources[address] = found = new();
        }

        return found;
    }

    private void Read(TemplateValues values, string name) => reading.AddName(values.Project, name);

    /// <summary>Notes what a list is chosen by.</summary>
    private void NoteList(IEnumerable<string> names, Narrowing narrowing)
    {
        foreach (var query in names.Select(name => quantities.Find(name, narrowing)).OfType<SumQuery>())
        {
            reading.Add(query);
        }
    }

    private SumQuery? Noted(SumQuery? query)
    {
        if (query is not null)
        {
            reading.Add(query);
        }

        return query;
    }

    private string NameOf(FunctionCode code) => pack.NamesInTexts.TryGetValue(code.ToString(), out var name) || chart.TryGetName(code, out name)
        ? name
        : throw new InvalidOperationException($"The books have {code}, which the chart of {books.Current.Year} does not have.");

    internal string Amount(Arguments arguments)
    {
        var unit = Text(arguments, "unit") ?? pack.Unit;
        return Sum(arguments, unit, total => Printing.Money(total, unit, Format(arguments, NumberFormat.Amount)));
    }

    internal string Sum(Arguments arguments, string unit, Func<Int128, (string Text, string Rounding)> print)
    {
        var name = Positional(arguments, 0);
        if (Find(arguments, 0) is not { } query)
        {
            return Missing(name, Narrow(arguments));
        }

        var total = query.Total(books);
        return Number(Text(arguments, "as") ?? name, unit, Ratio.Whole(total), print(total), query);
    }

    internal string Count(Arguments arguments)
    {
        var unit = Text(arguments, "unit") ?? pack.CountedIn(Positional(arguments, 0)) ?? "";
        return Sum(arguments, unit, total => Printing.Reported(total, unit));
    }

    internal bool IsExplained(string subject)
    {
        Ask(subject);
        return books.Current.Explanation(subject) is not null;
    }

    private void Ask(string subject)
    {
        gaps.Ask(subject);
        reading.AddSubject(subject);
    }

    /// <summary>True when all the quantities are known; notes the figures of last year that are not.</summary>
    internal bool IsKnown(Arguments arguments)
    {
        var known = true;
        for (var i = 0; i < Positionals(arguments); i++)
        {
            if (Find(arguments, i) is null)
            {
                known = false;
                if (Positional(arguments, i).EndsWith(Quantities.PriorSuffix, StringComparison.Ordinal))
                {
                    Note(Positional(arguments, i), Narrow(arguments));
                }
            }
        }

        return known;
    }

    /// <summary>Those of the named quantities that are not printed as zero.</summary>
    internal List<string> Present(Arguments arguments) =>
    [
        .. Enumerable.Range(0, Positionals(arguments))
            .Where(i => Rounded(arguments, i) is { } value && value != 0)
            .Select(i => Positional(arguments, i)),
    ];

    /// <summary>The names of the economic items for which any of the quantities is not zero, in code order.</summary>
    internal List<string> Economics(IEnumerable<string> names)
    {
        NoteList(names, Narrowing.None);
        return
        [
            .. chart.Economics
                .Where(code => code.IsItem && names.Any(name => quantities.Find(name, new(Economic: code))?.Total(books) is { } total && total != 0))
                .Select(code => pack.NamesInTexts.TryGetValue(code.ToString(), out var name) || chart.TryGetName(code, out name) ? name : code.ToString()),
        ];
    }

    /// <summary>The written reason, or a draft from the books.</summary>
    internal string Reason(string subject, Narrowing narrowing)
    {
        Ask(subject);
        if (books.Current.Explanation(subject) is not { } explanation)
        {
            var draft = Draft(subject, narrowing);
            gaps.Add(new MissingItem(MissingKind.Explanation, subject, block ?? "", IsDrafted: draft is not null));
            return Marks.Draft(draft ?? Messages.Text("DraftMissing"));
        }

        if (reasons.Check(subject, narrowing, explanation.Text) is { } finding)
        {
            gaps.Add(finding);
        }

        return Linked(Trimmed(explanation.Text), narrowing, () => Adopted(subject, narrowing));
    }

    /// <summary>The draft that a written reason takes over, no longer marked as one.</summary>
    private string Adopted(string subject, Narrowing narrowing)
    {
        if (Draft(subject, narrowing) is { } draft)
        {
            return draft;
        }

        gaps.Add(new MissingItem(MissingKind.Explanation, subject, block ?? ""));
        return Marks.Draft(Messages.Text("DraftMissing"));
    }

    /// <summary>What the books say about a change, in the form pack's words; null when they say nothing.</summary>
    private string? Draft(string subject, Narrowing narrowing)
    {
        foreach (var sum in reasons.Compared(subject, narrowing))
        {
            reading.Add(sum);
        }

        if (reasons.DraftOf(subject, narrowing) is not { } draft)
        {
            return null;
        }

        var wording = pack.Files.Partials[Reasons.DraftPartial];
        var text = Render(wording, $"{{{{> {Reasons.DraftPartial}}}}}", [.. draft.Select(d => (d.Key, d.Value))]);
        return text.Length == 0 ? null : text;
    }

    /// <summary>A sum that a draft quotes.</summary>
    internal string Quote(Arguments arguments)
    {
        if (arguments[0] is not QuotedSum sum)
        {
            throw new ArgumentException("sum takes an amount of a draft.", nameof(arguments));
        }

        var unit = Text(arguments, "unit") ?? pack.Unit;
        var total = sum.Query.Total(books);
        return Number(sum.Label, unit, Ratio.Whole(total), Printing.Money(total, unit, Format(arguments, NumberFormat.Amount)), sum.Query);
    }

    internal string Difference(Arguments arguments)
    {
        if (Find(arguments, 0) is not { } value || Find(arguments, 1) is not { } @base)
        {
            return Missing(Find(arguments, 0) is null ? Positional(arguments, 0) : Positional(arguments, 1), Narrow(arguments));
        }

        DifferenceQuery query = new(value, @base);
        var exact = query.Evaluate(books);
        return Number(Label(arguments, "LabelDifference"), pack.Unit, exact,
            Printing.Money(exact.Numerator, pack.Unit, Format(arguments, NumberFormat.Amount)), query);
    }

    internal string Quotient(Arguments arguments, string label, Func<SumQuery, SumQuery, Ratio?, FigureQuery> form)
    {
        // whole=true: the base is not narrowed with the part (a class as a share of all classes).
        var @base = Text(arguments, "whole") is null ? Find(arguments, 1) : Noted(quantities.Find(Positional(arguments, 1), Narrowing.None));
        if (Find(arguments, 0) is not { } value || @base is null)
        {
            return Missing(Find(arguments, 0) is null ? Positional(arguments, 0) : Positional(arguments, 1), Narrow(arguments));
        }

        Ratio? whenZero = Text(arguments, "zero") is { } percent ? new(Int128.Parse(percent, CultureInfo.InvariantCulture), 100) : null;
        var query = form(value, @base, whenZero);
        try
        {
            var exact = query.Evaluate(books);
            var from = Text(arguments, "base") switch
            {
                null => pack.PercentBase,
                "exact" => PercentBase.Exact,
                "printed" => PercentBase.Printed,
                var other => throw new ArgumentException($"'{other}' is neither 'exact' nor 'printed'."),
            };
            var printed = Printing.Percent(Printable(query, exact, from), from, Format(arguments, NumberFormat.Percent));
            return Number(Label(arguments, label), Printing.PercentSign, exact, printed, query);
        }
        catch (DivideByZeroException e)
        {
            throw new ArgumentException($"'{Positional(arguments, 1)}' is zero and the template has no branch for it.", e);
        }
    }

    /// <summary>What the percentage is printed from: the exact value, or the printed figures where the form says so.</summary>
    private Ratio Printable(FigureQuery query, Ratio exact, PercentBase from)
    {
        if (from == PercentBase.Exact)
        {
            return exact;
        }

        var (value, @base) = query switch
        {
            ShareQuery share => (Rounded(share.Value), Rounded(share.Base)),
            RateQuery rate => (Int128.Abs(Rounded(rate.Value) - Rounded(rate.Base)), Int128.Abs(Rounded(rate.Base))),
            _ => (exact.Numerator, exact.Denominator),
        };
        return @base == 0 ? exact : Ratio.Of(value, @base, null);

        Int128 Rounded(SumQuery sum) => Printing.Hundredths(sum.Total(books), pack.Unit);
    }

    private string Number(string label, string unit, Ratio exact, (string Text, string Rounding) printed, FigureQuery query)
    {
        if (block is null)
        {
            throw new ArgumentException($"The number '{label}' can't stand in a title or note.");
        }

        foreach (var sum in query.Sums)
        {
            reading.Add(sum);
        }

        var figure = book.Add(new($"{block}/{label}", label, unit, exact, printed.Text, printed.Rounding, query));
        return Marks.Figure(figure.Address, printed.Text);
    }

    private static string Label(Arguments arguments, string key) => Text(arguments, "as") ?? Messages.Text(key, Positional(arguments, 0));

    /// <summary>A quantity. For an evaluated project the money is that of the projects of the budget that its evaluation covers.</summary>
    internal SumQuery? Find(Arguments arguments, int index)
    {
        var (name, narrowing) = (Positional(arguments, index), Narrow(arguments));
        var own = quantities.Find(name, narrowing);
        if (narrowing.Project is not { } project || books.Current.TargetsOf(project)?.CoveredProjects is not { } covered
            || own is null || own.Terms.All(t => t.Filter.Measure is Measure.EvaluatedProjects or Measure.EvaluatedFunds or Measure.ProjectScore))
        {
            return Noted(own);
        }

        // The covered projects do not overlap, so what they have together is the sum of what each has.
        return Noted(own with { Terms = [.. covered.SelectMany(p => quantities.Find(name, narrowing with { Project = p })?.Terms ?? [])] });
    }

    internal static Narrowing Narrow(Arguments arguments) => new(
        Text(arguments, "function") is { } f ? new FunctionCode(f) : null,
        Text(arguments, "economic") is { } e ? new EconomicCode(e) : null,
        Term<Fund>(arguments, "fund"),
        Term<SpendingKind>(arguments, "kind"),
        Term<IncomeSource>(arguments, "source"),
        Text(arguments, "project"));

    private static T? Term<T>(Arguments arguments, string key) where T : struct, Enum => Text(arguments, key) switch
    {
        null => null,
        var term => Terms.TryParse<T>(term, out var value) ? value : throw new ArgumentException($"'{term}' is not a term of {typeof(T).Name}."),
    };

    /// <summary>A named argument; null when it is not given, or given empty by a partial that hands its own parameter on.</summary>
    internal static string? Text(Arguments arguments, string key) =>
        arguments.Hash.TryGetValue(key, out var value) && value?.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>What is printed for a value that is not known.</summary>
    private string Missing(string name, Narrowing narrowing)
    {
        Note(name, narrowing);
        return NotReported(name);
    }

    /// <summary>What is printed for a reference of a written text that has no value.</summary>
    private string Missing(Reference reference, Narrowing narrowing)
    {
        var unknown = reference.Value.Concat(reference.Base ?? []).Select(part => part.Name).Where(name => Quoted(name, narrowing) is null).ToList();
        unknown.ForEach(name => Note(name, narrowing));
        if (unknown.Count == 0)
        {
            // All parts are known, but a sum of different units or a share of nothing has no value.
            gaps.Add(new MissingItem(MissingKind.Statistic, reference.Label, block ?? ""));
        }

        return NotReported(reference.Label);
    }

    private static string NotReported(string name) =>
        Marks.Draft(Messages.Text("NotReported", name.Replace(Quantities.PriorSuffix, "", StringComparison.Ordinal)));

    /// <summary>Notes what would have to be supplied for a value to be known.</summary>
    private void Note(string name, Narrowing narrowing)
    {
        foreach (var (kind, missing) in quantities.Unknown(name, narrowing))
        {
            gaps.Add(new MissingItem(kind, missing, block ?? ""));
        }
    }

    internal static string Positional(Arguments arguments, int index) =>
        arguments[index]?.ToString() ?? throw new ArgumentException($"Argument {index + 1} of the helper is missing.", nameof(index));

    /// <summary>How many arguments stand before the named ones.</summary>
    internal static int Positionals(Arguments arguments) => arguments.Hash.Count == 0 ? arguments.Length : arguments.Length - 1;

    internal int? Compare(Arguments arguments) =>
        Rounded(arguments, 0) is { } value && Rounded(arguments, 1) is { } @base ? value.CompareTo(@base) : null;

    internal Int128? Rounded(Arguments arguments, int index)
    {
        if (Find(arguments, index) is not { } query)
        {
            return null;
        }

        var total = query.Total(books);
        var isCount = query.Terms.Any(t =>
            t.Filter.Measure is Measure.EvaluatedProjects || t.Filter.Measure.IsPoints()
            || (t.Filter is { Measure: Measure.Statistic, Name: { } name }
                && (books.Current.UnitOf(name) ?? pack.Statistics.GetValueOrDefault(name)) != Ledger.Statistics.Statistic.Yuan));
        return isCount ? total : Printing.InUnit(total, pack.Unit).Round(Format(arguments, NumberFormat.Amount).Decimals);
    }

    /// <summary>A text that somebody wrote for a place of the form, in full; paragraphs are kept.</summary>
    internal string Written(string subject)
    {
        Ask(subject);
        if (books.Current.Explanation(subject) is { } written)
        {
            return Linked(Marks.Clean(written.Text).Trim(), Narrowing.None, () => Adopted(subject, Narrowing.None));
        }

        gaps.Add(new MissingItem(MissingKind.Explanation, subject, block ?? ""));
        return Marks.Draft(Messages.Text("TextMissing", subject));
    }

    /// <summary>The number format that a helper asks for.</summary>
    private NumberFormat Format(Arguments arguments, string standard)
    {
        var format = pack.Format(Text(arguments, "format") ?? standard);
        return Text(arguments, "decimals") is { } decimals ? format with { Decimals = int.Parse(decimals, CultureInfo.InvariantCulture) } : format;
    }

    /// <summary>
    /// A text that somebody wrote, without its final full stop, because the sentence around it has one.
    /// </summary>
    internal string Clause(string written) => Linked(Trimmed(written), Narrowing.None, null);

    private static string Trimmed(string written) => Marks.Clean(written).Trim().TrimEnd('。', '；', '.');

    /// <summary>A text that somebody wrote, in full; paragraphs are kept.</summary>
    internal string Full(string written) => Linked(Marks.Clean(written).Trim(), Narrowing.None, null);

    /// <summary>
    /// A written text with its references replaced: <c>{名称}</c>, <c>{名称|单位}</c> and <c>{名称|单位|格式}</c> stand for a reported
    /// statistic or a quantity of the form pack, <c>{名称@项目}</c> for what a project has of a quantity, <c>{甲＋乙}</c> and <c>{甲÷乙}</c>
    /// for what is computed from several, <c>{草稿}</c> for the draft of a reason.
    /// </summary>
    /// <param name="narrowing">What the text is about: in the reason for an item a quantity is the item's.</param>
    private string Linked(string text, Narrowing narrowing, Func<string>? draft)
    {
        StringBuilder result = new();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                result.Append(text, at, text.Length - at);
                break;
            }

            var reference = text[(open + 1)..close];
            result.Append(text, at, open - at).Append(draft is not null && reference == DraftReference ? draft() : Placeholder(reference, narrowing));
            at = close + 1;
        }

        return result.ToString();
    }

    private string Placeholder(string text, Narrowing narrowing)
    {
        var reference = Reference.Parse(text, name => Quoted(name, narrowing) is not null);
        if (Quoted(reference.Value, narrowing) is not { } value || UnitOf(reference.Value) is not { } counted)
        {
            return Missing(reference, narrowing);
        }

        var unit = reference.Unit ?? counted;
        var total = value.Total(books);
        if (reference.Base is { } whole)
        {
            if (Quoted(whole, narrowing) is not { } @base || UnitOf(whole) is not { } over || Dimension(over) != Dimension(counted) || @base.Total(books) == 0)
            {
                return Missing(reference, narrowing);
            }

            ShareQuery share = new(value, @base, null);
            var exact = share.Evaluate(books);
            var percent = Printing.Percent(exact, PercentBase.Exact, pack.Format(reference.Format ?? NumberFormat.Percent));
            return Number(reference.Label, Printing.PercentSign, exact, percent, share);
        }

        var format = reference.Format is { } name ? pack.Format(name) : NumberFormat.UpToTwo;
        return Printing.IsMoney(counted)
            ? Number(reference.Label, unit, Ratio.Whole(total), Printing.Money(total, Printing.IsMoney(unit) ? unit : counted, format), value)
            : Number(reference.Label, unit, Ratio.Whole(total), Printing.Count(total, unit, counted, format), value);
    }

    /// <summary>What a sum in a written text stands for; null when a part of it is not known.</summary>
    private SumQuery? Quoted(IReadOnlyList<(int Sign, string Name)> sum, Narrowing narrowing)
    {
        List<Term> terms = [];
        foreach (var (sign, name) in sum)
        {
            if (Quoted(name, narrowing) is not { } part)
            {
                return null;
            }

            terms.AddRange(part.Terms.Select(t => t with { Sign = sign * t.Sign }));
        }

        return new(Reference.Words(sum), terms);
    }

    /// <summary>What a reference in a written text stands for; null when it is not known.</summary>
    private SumQuery? Quoted(string name, Narrowing narrowing)
    {
        if (quantities.Statistic(name) is { } reported)
        {
            return reported;
        }

        var (quantity, project) = OfProject(name);
        if (project is not null && !books.Current.Facts.Keys.Any(k => k.Project == project))
        {
            return null;
        }

        return pack.Quantities.ContainsKey(quantity) || pack.Statistics.ContainsKey(quantity)
            ? quantities.Find(quantity, project is null ? narrowing : narrowing with { Project = project })
            : null;
    }

    /// <summary>The quantity and the project that <c>名称@项目</c> names; no project in a name without one.</summary>
    private static (string Quantity, string? Project) OfProject(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        return at < 0 || name.EndsWith(Quantities.PriorSuffix, StringComparison.Ordinal) ? (name, null) : (name[..at], name[(at + 1)..]);
    }

    /// <summary>The unit that all parts of a sum are reported in; null when they are not the same.</summary>
    private string? UnitOf(IReadOnlyList<(int Sign, string Name)> sum)
    {
        var units = sum
            .Select(part => (part.Name, OfProject(part.Name).Quantity))
            .Select(part => books.Current.UnitOf(part.Name) ?? pack.CountedIn(part.Quantity) ?? (pack.Quantities.ContainsKey(part.Quantity) ? pack.Unit : ""))
            .Select(unit => sum.Count > 1 ? Dimension(unit) : unit)
            .Distinct()
            .ToList();
        return units is [var unit] ? unit : null;
    }

    /// <summary>The same for all units of money.</summary>
    private string Dimension(string unit) => Printing.IsMoney(unit) ? pack.Unit : unit;
}
