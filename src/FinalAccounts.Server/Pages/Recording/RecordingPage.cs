using System.Globalization;
using FinalAccounts.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Regions;
using FinalAccounts.Server.Access.Pages;
using Microsoft.AspNetCore.Components;
using NodaTime;

namespace FinalAccounts.Server.Pages.Recording;

/// <summary>
/// A page with a form that records something in a department's year. What is refused stands beside the form with what was typed; what is
/// recorded leads on to another page, so that it can't be sent again by loading the page anew.
/// </summary>
public abstract class RecordingPage : YearPage
{
    [Inject]
    public IClock Clock { get; set; } = null!;

    /// <summary>The position of what was just recorded here.</summary>
    [SupplyParameterFromQuery(Name = "done")]
    public string? Done { get; set; }

    /// <summary>Why it was refused, a line each; empty when it was not.</summary>
    protected IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>Today by Chinese time.</summary>
    protected LocalDate Today => Display.Today(Clock);

    /// <summary>Decides on a command, records what it yields, and goes on.</summary>
    /// <param name="seen">The version of the year that the form was shown for; null when later events do not matter.</param>
    /// <param name="next">Where to go when it is recorded.</param>
    protected Task RecordAsync(Func<YearBook, Task<YearCommand>> command, long? seen, string next) => RecordAsync(
        async () => (await Live.Log.DecideAsync(new(Account.Actor, null, seen), Unit, FiscalYear, command, Aborted)).Result.LastPosition, next);

    /// <summary>Records something and goes on.</summary>
    /// <param name="record">Gives the position of the last event.</param>
    protected async Task RecordAsync(Func<Task<long>> record, string next)
    {
        try
        {
            var position = await record();
            await Live.WaitForAsync(position, Aborted);
            Context.SeeOther(string.Create(CultureInfo.InvariantCulture, $"{next}{(next.Contains('?', StringComparison.Ordinal) ? '&' : '?')}done={position}"));
        }
        catch (RulesException e)
        {
            Refuse([.. e.Refusals.Select(f => RulesException.Describe(f, Words))]);
        }
        catch (UnpublishableException e)
        {
            Refuse([.. DocumentTexts.Obstacles(e.Document, Words)]);
        }
        catch (VersionConflictException)
        {
            Refuse([T("ProblemConflict")]);
        }
    }

    protected void Refuse(IReadOnlyList<string> problems)
    {
        Problems = problems;
        Context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
    }

    /// <summary>A date field, or the problem with it.</summary>
    protected LocalDate? DateOf(string? text)
    {
        if (Display.Date(text) is { } date)
        {
            return date;
        }

        Refuse([T("ProblemValue", text)]);
        return null;
    }

    /// <summary>The version that a form was shown for.</summary>
    protected static long? VersionOf(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
}
