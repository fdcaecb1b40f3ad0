using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;
using NodaTime;
using Shouldly;

namespace FinalAccounts.UnitTests.Golden;

/// <summary>A department of samples/, imported and reported without a database.</summary>
internal sealed class Sample
{
    private Sample(string name)
    {
        var books = BooksReader.Read(Path.Combine(Root, "samples", name), pack => FormPack.Load(pack)?.Standards);
        books.Errors.Listed.ShouldBeEmpty();
        var plan = ImportPlan.Make(books.Books!, [], []);
        plan.Errors.Listed.ShouldBeEmpty();
        Recorded =
        [
            .. plan.Plan!.Streams.SelectMany(s => s.Events).Select((e, i) => new RecordedEvent(i + 1, Instant.FromUtc(2025, 1, 1, 0, 0), "财务科", e)),
        ];
        Year = books.Books!.FiscalYear;
        Books = new(YearBooks.From(Year, Recorded), null);
        Document = Report(Books);
    }

    public static Sample Yiyang { get; } = new("yiyang-2024");

    public static Sample YiyangLastYear { get; } = new("yiyang-2023");

    public FiscalYear Year { get; }

    public IReadOnlyList<RecordedEvent> Recorded { get; }

    public ReportBooks Books { get; }

    public DisclosureDocument Document { get; }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "FinalAccounts.sln")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }

    public static DisclosureDocument Report(ReportBooks books) =>
        DisclosureBuilder.Build(FormPack.Load(books.Current.Opened!.FormPack)!, books, ChartOfAccounts.For(books.Current.Year));
}
