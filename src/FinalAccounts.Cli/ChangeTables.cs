using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using NodaTime.Text;
using Spectre.Console;

namespace FinalAccounts.Cli;

/// <summary>Shows what a change consists of: by item, economic item, project, document.</summary>
internal static class ChangeTables
{
    public static void Write(Session session, Change change, ReportBooks books)
    {
        var words = session.Words;
        Session.WriteLine();
        Session.WriteLine(words[change.With == ComparedWith.Budget ? "ChangeAgainstBudget" : "ChangeAgainstPrior", change.Value.Name, Yuan.Of(change.Amount)]);
        foreach (var breakdown in change.Breakdowns)
        {
            if (breakdown.IsKnown)
            {
                Write(session, breakdown, books);
            }
            else
            {
                Session.WriteLine("  " + words["ChangeUnknown", words[$"Change{breakdown.Aspect}"]]);
            }
        }
    }

    public static object Json(Change change) => new
    {
        With = change.With.ToString().ToLowerInvariant(),
        Amount = (long)change.Amount,
        Breakdowns = change.Breakdowns.Select(b => new
        {
            Aspect = b.Aspect.ToString().ToLowerInvariant(),
            b.IsKnown,
            Parts = b.Parts?.Select(p => new
            {
                p.Key,
                Kind = p.Kind?.ToString().ToLowerInvariant(),
                Amount = (long)p.Amount,
                p.Recorded?.Position,
            }),
            Rest = (long)b.Rest,
        }),
    };

    private static void Write(Session session, ChangeBreakdown breakdown, ReportBooks books)
    {
        var words = session.Words;
        var byEvent = breakdown.Aspect == ChangeAspect.Event;
        var table = new Table { Title = new TableTitle(Markup.Escape(words[$"Change{breakdown.Aspect}"])) }.Border(TableBorder.Simple)
            .AddColumns(words[byEvent ? "ColumnNumber" : "ColumnCode"], words[byEvent ? "ColumnEvent" : "ColumnName"])
            .AddColumn(new TableColumn(words["ColumnAmount"]).RightAligned());
        foreach (var part in breakdown.Parts!)
        {
            Row(part.Key, byEvent ? EventOf(part, words) : NameOf(breakdown.Aspect, part.Key, books), part.Amount);
        }

        if (breakdown.Rest != 0)
        {
            Row("", words["ChangeRestRow"], breakdown.Rest);
        }

        session.Terminal.Write(table);

        void Row(string key, string name, Int128 amount) => table.AddRow(new Text(key), new Text(name), new Text(Yuan.Of(amount)));
    }

    private static string EventOf(ChangePart part, Words words)
    {
        var kind = words[$"ChangeKind{part.Kind}"];
        return part.Recorded is { } recorded
            ? string.Create(CultureInfo.InvariantCulture, $"{LocalDatePattern.Iso.Format(recorded.Event.Date)} {kind} {EventWords.Of(recorded.Event, words).Text}")
            : kind;
    }

    private static string NameOf(ChangeAspect aspect, string key, ReportBooks books) => aspect switch
    {
        ChangeAspect.Item => CodeNames.Of(books, new FunctionCode(key)),
        ChangeAspect.Economic => CodeNames.Of(books, new EconomicCode(key)),
        _ => "",
    };
}
