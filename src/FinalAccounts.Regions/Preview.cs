using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Regions;

/// <summary>
/// A department's year as its lists would stand in an empty log, and the document that comes of it: what an import and a
/// report would give, without a database.
/// </summary>
/// <param name="Recorded">The events that an import would append.</param>
public sealed record Preview(IReadOnlyList<RecordedEvent> Recorded, ReportBooks Books, DisclosureDocument Document)
{
    /// <summary>Nobody has recorded anything yet.</summary>
    private const string Actor = "";

    /// <summary>Reads the lists and reports the year.</summary>
    /// <param name="path">A folder of lists, or an .xlsx file.</param>
    /// <param name="priorPath">The lists of the same department's year before; null when they are not at hand.</param>
    /// <exception cref="FormPackException">The form pack is wrong for these books.</exception>
    public static PreviewResult Read(string path, string? priorPath)
    {
        var (prior, priorErrors) = priorPath is null ? (null, new()) : Record(priorPath, null);
        if (priorErrors.Any)
        {
            return new(null, priorErrors);
        }

        var (current, errors) = Record(path, prior);
        if (current is null)
        {
            return new(null, errors);
        }

        var books = new ReportBooks(current.Books(), prior?.Books());
        return new(new(current.All, books, Report(books)), errors);
    }

    /// <summary>The document of books whose year is opened.</summary>
    public static DisclosureDocument Report(ReportBooks books) =>
        DisclosureBuilder.Build(FormPack.Load(books.Current.Opened!.FormPack)!, books, ChartOfAccounts.For(books.Current.Year));

    /// <param name="before">The year that is recorded already.</param>
    private static (RecordedYear? Year, ImportErrors Errors) Record(string path, RecordedYear? before)
    {
        var (books, errors) = BooksReader.Read(path, name => FormPack.Load(name)?.Standards);
        if (books is null)
        {
            return (null, errors);
        }

        var department = before?.DepartmentEvents ?? [];
        var (plan, refusals) = ImportPlan.Make(books, [.. department.Select(e => e.Event)], []);
        if (plan is null)
        {
            return (null, refusals);
        }

        // The log's own part of an event: positions follow on each other, and all is recorded when the year is over.
        var instant = books.FiscalYear.LastDay.AtMidnight().InUtc().ToInstant();
        var position = before?.All.Count ?? 0;
        List<RecordedEvent> departmentEvents = [.. department], yearEvents = [];
        foreach (var stream in plan.Streams)
        {
            (stream.Stream == Streams.Department(books.DepartmentCode) ? departmentEvents : yearEvents)
                .AddRange(stream.Events.Select(e => new RecordedEvent(++position, instant, Actor, e)));
        }

        return (new(books.FiscalYear, departmentEvents, yearEvents), errors);
    }

    private sealed record RecordedYear(FiscalYear Year, IReadOnlyList<RecordedEvent> DepartmentEvents, IReadOnlyList<RecordedEvent> YearEvents)
    {
        public IReadOnlyList<RecordedEvent> All => [.. DepartmentEvents, .. YearEvents];

        public YearBooks Books() => YearBooks.From(Year, All);
    }
}

/// <summary>A preview, or what is wrong with the lists.</summary>
/// <param name="Preview">Null when there are errors.</param>
public sealed record PreviewResult(Preview? Preview, ImportErrors Errors);
