using FinalAccounts.Ledger;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>
/// Resolves the names of a form pack's quantities to queries over the books at hand. A quantity that the books do not
/// cover is unknown (null), which is not zero.
/// </summary>
public sealed class Quantities(FormPack pack, ReportBooks books)
{
    /// <summary>Appended to a quantity's name, it means the same quantity a year before.</summary>
    public const string PriorSuffix = "@上年";

    /// <summary>The query for a quantity of this year or, with <see cref="PriorSuffix"/>, of the year before.</summary>
    /// <returns>Null when the value is not known.</returns>
    /// <exception cref="FormPackException">The pack has no such quantity and asks for no such statistic.</exception>
    public SumQuery? Find(string name, Narrowing narrowing) => name.EndsWith(PriorSuffix, StringComparison.Ordinal)
        ? Prior(name[..^PriorSuffix.Length], narrowing)
        : Current(name, narrowing);

    /// <summary>
    /// What projects have together of a quantity, or what there is of it in all (null). Projects do not overlap, so it is the sum of
    /// what each has.
    /// </summary>
    /// <returns>Null when the value is not known.</returns>
    public SumQuery? Together(string name, IReadOnlyList<string>? projects)
    {
        if (projects is null)
        {
            return Find(name, Narrowing.None);
        }

        var each = projects.Select(p => Find(name, new(Project: p))).ToList();
        return each.Contains(null) ? null : new(name, [.. each.SelectMany(q => q!.Terms)]);
    }

    /// <summary>The query for a statistic that the department reported under any name; null when it did not.</summary>
    public SumQuery? Statistic(string name)
    {
        var filter = new FactFilter(Measure.Statistic, Name: name);
        return books.Current.Facts.Any(filter) ? new(name, [new(1, filter)]) : null;
    }

    /// <summary>What would have to be supplied for a quantity to be known; nothing when it is.</summary>
    public IReadOnlyList<(MissingKind Kind, string Name)> Unknown(string name, Narrowing narrowing)
    {
        // A name that the pack does not have stands in a written text, for a statistic of the department's own.
        var compared = name.EndsWith(PriorSuffix, StringComparison.Ordinal) ? name[..^PriorSuffix.Length] : name;
        if (!pack.Knows(compared))
        {
            return [(MissingKind.Statistic, name)];
        }

        if (Find(name, narrowing) is not null)
        {
            return [];
        }

        if (name.EndsWith(PriorSuffix, StringComparison.Ordinal))
        {
            return [(MissingKind.Comparative, narrowing.Function is { } code ? $"{compared}/{code}" : compared)];
        }

        return
        [
            .. Expand(Define(name), narrowing, BooksYear.Current)
                .Where(t => t.Filter.Measure is Measure.Statistic or Measure.OverallScore && !books.Current.Facts.Any(t.Filter))
                .Select(t => t.Filter.Measure == Measure.Statistic ? (MissingKind.Statistic, t.Filter.Name ?? name) : (MissingKind.Evaluation, name))
                .Distinct(),
        ];
    }

    private SumQuery? Current(string name, Narrowing narrowing) => Known(Expand(Define(name), narrowing, BooksYear.Current), name);

    private SumQuery? Prior(string name, Narrowing narrowing)
    {
        var quantity = Define(name);
        var title = Messages.Text("PriorYearOf", name);
        if (books.Prior is { Opened: not null } && Known(Expand(quantity, narrowing, BooksYear.Prior), title) is { } booked)
        {
            return booked;
        }

        // What last year's books do not say may have been imported: a statistic that last year's form did not ask for.

        if (Imported(narrowing.Function is { } code ? $"{name}/{code}" : name, narrowing) is { } imported)
        {
            return imported with { Name = title };
        }

        if (quantity.Parts.Count == 0)
        {
            return null;
        }

        List<Term> terms = [];
        foreach (var (sign, part) in quantity.Parts)
        {
            if (Prior(part, narrowing) is not { } known)
            {
                return null;
            }

            terms.AddRange(known.Terms.Select(t => t with { Sign = sign * t.Sign }));
        }

        return new(title, terms);
    }

    /// <summary>Last year's figure as it was imported. It can't be split, so any narrowing but by function finds nothing.</summary>
    private SumQuery? Imported(string name, Narrowing narrowing)
    {
        if (!(narrowing with { Function = null }).IsNone || books.Current.Year.Value == FiscalYear.First)
        {
            return null;
        }

        var year = new FiscalYear(books.Current.Year.Value - 1);
        var filter = new FactFilter(Measure.Comparative, Name: EventFacts.ComparativeName(year, name));
        return books.Current.Facts.Any(filter) ? new(name, [new(1, filter)]) : null;
    }

    private Quantity Define(string name) =>
        pack.Quantities.GetValueOrDefault(name)
        ?? (pack.Statistics.ContainsKey(name) || pack.Standards.Any(s => s.Name == name)
            ? new(name, [new(Measure.Statistic, Name: name)], [])
            : throw new FormPackException(new FormPackProblem(PackRule.QuantityUnknown, pack.Files.Place, name)));

    private List<Term> Expand(Quantity quantity, Narrowing narrowing, BooksYear year) =>
    [
        .. quantity.Filters.Select(f => f.NarrowedBy(narrowing)).OfType<FactFilter>().Select(f => new Term(1, f, year)),
        .. quantity.Parts.SelectMany(part =>
            Expand(Define(part.Name), narrowing, year).Select(t => t with { Sign = part.Sign * t.Sign })),
    ];

    /// <summary>
    /// What is booked is complete, so nothing booked is zero. What is reported is known only once it is reported.
    /// </summary>
    private SumQuery? Known(List<Term> terms, string name) => terms.All(t =>
        (t.Filter.Measure is not Measure.Statistic && !t.Filter.Measure.IsPoints()) || books.Of(t.Year).Facts.Any(t.Filter))
        ? new(name, terms)
        : null;
}
