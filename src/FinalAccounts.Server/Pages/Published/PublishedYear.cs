using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;

namespace FinalAccounts.Server.Pages.Published;

/// <summary>What was published of a department's year, as it was then: nothing that was recorded later.</summary>
public abstract class PublishedYear : YearPage
{
    protected ReportedYear Reported { get; private set; } = null!;

    protected DisclosurePublished Publication { get; private set; } = null!;

    public override string Address => $"/public/{Region}/departments/{Department}/years/{Year}";

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        // What is not published is not there, whether or not there are books.
        Publication = Overview?.Published ?? throw NotHere();
        Reported = await Live.ReportAsync(new(Unit.Code, FiscalYear, new AsOf(Position: Publication.Seal.Position)), Aborted);
    }
}
