using System.Collections.Concurrent;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Fidelity;
using FinalAccounts.UnitTests.Import;
using Shouldly;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>A department of samples/, imported and reported without a database, and its published document if there is one.</summary>
internal sealed class Sample
{
    private static readonly ConcurrentDictionary<string, Lazy<Sample>> Read = new();
    private readonly Preview preview;
    private readonly PublishedSample? published;

    private Sample(string folder, string? priorFolder)
    {
        var (read, errors) = Preview.Read(folder, priorFolder);
        errors.Listed.ShouldBeEmpty();
        preview = read!;
        published = PublishedSample.Read(folder);
    }

    /// <summary>Without last year's books: its figures of last year are those that were typed in.</summary>
    public static Sample Yiyang { get; } = new(RepositoryFiles.Sample("yiyang-2024"), null);

    public static Sample YiyangLastYear { get; } = new(RepositoryFiles.Sample("yiyang-2023"), null);

    public FiscalYear Year => Books.Current.Year;

    public IReadOnlyList<RecordedEvent> Recorded => preview.Recorded;

    public ReportBooks Books => preview.Books;

    public DisclosureDocument Document => preview.Document;

    /// <summary>What its document is measured against.</summary>
    public PublishedSample Published => published.ShouldNotBeNull("The sample has no published.json.");

    /// <summary>A sample by the name of its folder, with last year's books if they lie beside it; read once.</summary>
    public static Sample Of(string name) => Read.GetOrAdd(name, n => new(() =>
    {
        var folder = RepositoryFiles.Sample(n);
        return new(folder, PublishedSample.PriorFolder(folder));
    })).Value;

    public static DisclosureDocument Report(ReportBooks books) => Preview.Report(books);

    /// <summary>A document measured against this sample's published one.</summary>
    public FidelityResult Measure(DisclosureDocument document) => FidelityCheck.Compare(Published.Published, document, Published.Declared);
}
