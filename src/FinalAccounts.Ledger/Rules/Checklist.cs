using System.Globalization;
using FinalAccounts.Ledger.Consolidation;
using NodaTime;
using NodaTime.Text;

namespace FinalAccounts.Ledger.Rules;

/// <summary>Where in a command something is wrong; see <see cref="Finding"/>.</summary>
internal readonly record struct Place(int? Line, string? Field)
{
    public static readonly Place Whole = default;

    public static Place Of(string field) => new(null, field);

    public static Place In(string list, int line) => new(line, list);

    /// <summary>A member of the line.</summary>
    public Place At(string member) => new(Line, Field is null ? member : $"{Field}.{member}");

    /// <summary>The last part of the field: the member itself.</summary>
    public string Member => Field![(Field!.LastIndexOf('.') + 1)..];
}

/// <summary>
/// Collects what is wrong with one command. Lives within a decision and never outlasts it, so decisions stay pure.
/// </summary>
internal sealed class Checklist(FiscalYear? year = null, ChartOfAccounts? chart = null, MemberLists? memberLists = null)
{
    private readonly List<Finding> findings = [];

    /// <summary>The members of the other departments in the year, as far as the decision was told.</summary>
    public MemberLists MemberLists { get; } = memberLists ?? MemberLists.None;

    /// <summary>True until a rule refuses.</summary>
    public bool IsClean { get; private set; } = true;

    public void Refuse(Rule rule, Place place, params string[] arguments) => Add(rule, Severity.Refusal, place, arguments);

    public void Add(Rule rule, Severity severity, Place place, params string[] arguments)
    {
        rule.RequireArguments(arguments);
        findings.Add(new(rule.Id, severity, arguments, place.Line, place.Field));
        IsClean &= severity != Severity.Refusal;
    }

    /// <summary>The event, unless something refuses it.</summary>
    public Decision Decide(LedgerEvent @event) => new(IsClean ? [@event] : [], findings);

    /// <summary>The refusal, when the event can't even be formed.</summary>
    public Decision Refused() => IsClean ? throw new InvalidOperationException("Nothing was refused.") : new([], findings);

    // Dates.

    /// <summary>A booking belongs to the year.</summary>
    public void BookingDate(LocalDate date)
    {
        if (!year!.Value.Contains(date))
        {
            Refuse(LedgerRules.DateOutsideYear, Place.Of("Date"), Iso(date), year.Value.ToString());
        }
    }

    /// <summary>The close and the reports are made in the year or the one after it.</summary>
    public void ReportDate(LocalDate date)
    {
        var first = year!.Value.FirstDay;
        var last = year.Value.LastDay.PlusYears(1);
        if (date < first || date > last)
        {
            Refuse(LedgerRules.DateOutsideReportingPeriod, Place.Of("Date"), Iso(date), Iso(first), Iso(last));
        }
    }

    // Texts and numbers.

    /// <summary>A number, a name or a term that is looked up: one line, no white space around it.</summary>
    public void Name(string value, Place place)
    {
        Text(value, place, Limits.Name, lineFeeds: false);
        if (value.Length > 0 && value.Trim().Length is var trimmed and > 0 && trimmed < value.Length)
        {
            Refuse(LedgerRules.IdentifierWithSurroundingSpace, place, place.Member, value);
        }
    }

    /// <summary>A name that may be left out.</summary>
    public void OptionalName(string? value, Place place)
    {
        if (value is not null)
        {
            Name(value, place);
        }
    }

    public void Names(IReadOnlyList<string> values, string list)
    {
        LineCount(values.Count, list, required: false);
        for (var i = 0; i < values.Count; i++)
        {
            Name(values[i], Place.In(list, i));
        }
    }

    public void Phrase(string value, Place place) => Text(value, place, Limits.Phrase, lineFeeds: true);

    public void Text(string value, Place place) => Text(value, place, Limits.Text, lineFeeds: true);

    /// <summary>A text that may be empty.</summary>
    public void OptionalText(string? value, Place place)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Text(value, place);
        }
    }

    public void Number(long value, Place place)
    {
        if (value < 0)
        {
            Refuse(LedgerRules.NumberBelowZero, place, place.Member, Digits(value));
        }
        else if (value > Limits.Number)
        {
            Refuse(LedgerRules.NumberBeyondLimit, place, place.Member, Digits(value), Digits(Limits.Number));
        }
    }

    /// <summary>A number that may be left out.</summary>
    public void OptionalNumber(long? value, Place place)
    {
        if (value is { } number)
        {
            Number(number, place);
        }
    }

    public void Score(int hundredths, Place place)
    {
        if (hundredths is < 0 or > Limits.ScoreHundredths)
        {
            // Points have two decimals as yuan have.
            Refuse(LedgerRules.ScoreOutOfRange, place, place.Member, new Money(hundredths).ToYuan());
        }
    }

    /// <returns>True when there are lines to look at, and not too many.</returns>
    public bool LineCount(int count, string list, bool required = true)
    {
        if (count == 0 && required)
        {
            Refuse(LedgerRules.NoLines, Place.Of(list), list);
        }
        else if (count > Limits.Lines)
        {
            Refuse(LedgerRules.TooManyLines, Place.Of(list), list, Digits(count), Digits(Limits.Lines));
        }

        return count is > 0 and <= Limits.Lines;
    }

    // Amounts.

    public void AmountAboveZero(Money amount, Place place)
    {
        if (amount <= Money.Zero)
        {
            Refuse(LedgerRules.AmountNotAboveZero, place, amount.ToYuan());
        }

        AmountWithinLimit(amount, place);
    }

    public void AmountNotZero(Money amount, Place place)
    {
        if (amount.IsZero)
        {
            Refuse(LedgerRules.AmountZero, place);
        }

        AmountWithinLimit(amount, place);
    }

    public void AmountNotBelowZero(Money amount, Place place)
    {
        if (amount < Money.Zero)
        {
            Refuse(LedgerRules.AmountBelowZero, place, amount.ToYuan());
        }

        AmountWithinLimit(amount, place);
    }

    public void AmountWithinLimit(Money amount, Place place)
    {
        if (amount > Money.InputLimit || amount < -Money.InputLimit)
        {
            Refuse(LedgerRules.AmountBeyondLimit, place, amount.ToYuan(), Money.InputLimit.ToYuan());
        }
    }

    /// <summary>The year's turnover with what this command adds; only to be asked once the single amounts are within their limit.</summary>
    public void Turnover(Money before, Money added)
    {
        if (before + added > Limits.Turnover)
        {
            Refuse(LedgerRules.TurnoverBeyondLimit, Place.Whole, (before + added).ToYuan(), Limits.Turnover.ToYuan());
        }
    }

    // Codes, funds, kinds.

    /// <summary>A functional code that money is booked on.</summary>
    public void Item(FunctionCode code, Place place)
    {
        if (!chart!.TryGetName(code, out var name))
        {
            Refuse(LedgerRules.FunctionNotInChart, place, code.ToString(), chart.Year.ToString());
        }
        else if (!chart.IsLeaf(code))
        {
            Refuse(LedgerRules.FunctionNotLeaf, place, code.ToString(), name);
        }
    }

    /// <summary>An economic code; expenditure is posted on items, while a budget may be given for a class.</summary>
    public void Economic(EconomicCode code, Place place, bool itemOnly)
    {
        if (!chart!.TryGetName(code, out var name))
        {
            Refuse(LedgerRules.EconomicNotInChart, place, code.ToString(), chart.Year.ToString());
        }
        else if (itemOnly && !code.IsItem)
        {
            Refuse(LedgerRules.EconomicNotItem, place, code.ToString(), name);
        }
    }

    public void BookedFund(Fund fund, Place place)
    {
        if (fund == Fund.SocialInsuranceFund)
        {
            Refuse(LedgerRules.FundNotBooked, place, fund.Term());
        }
    }

    public void SourceAndFund(IncomeSource source, Fund fund, Place line)
    {
        if (fund == Fund.SocialInsuranceFund)
        {
            Refuse(LedgerRules.FundNotBooked, line.At("Fund"), fund.Term());
        }
        else if ((source == IncomeSource.FiscalAppropriation) != fund.IsFiscal())
        {
            Refuse(LedgerRules.SourceDoesNotGoWithFund, line.At("Source"), source.Term(), fund.Term());
        }
    }

    public void KindAndProject(SpendingKind kind, string? project, Place line)
    {
        OptionalName(project, line.At("Project"));
        if (kind == SpendingKind.Basic && project is not null)
        {
            Refuse(LedgerRules.BasicWithProject, line.At("Project"), project);
        }
        else if (kind == SpendingKind.Project && project is null)
        {
            Refuse(LedgerRules.ProjectWithoutName, line.At("Project"));
        }
    }

    /// <summary>The chart's name of a code that was checked before.</summary>
    public string NameOf(FunctionCode code) => chart!.TryGetName(code, out var name) ? name : "";

    public static string Iso(LocalDate date) => LocalDatePattern.Iso.Format(date);

    private static string Digits(long value) => value.ToString(CultureInfo.InvariantCulture);

    private void Text(string value, Place place, int limit, bool lineFeeds)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            Refuse(LedgerRules.TextEmpty, place, place.Member);
        }
        else if (value.Length > limit)
        {
            Refuse(LedgerRules.TextTooLong, place, place.Member, Digits(value.Length), Digits(limit));
        }
        else if (FirstUnusable(value, lineFeeds) is { } character)
        {
            Refuse(LedgerRules.TextWithControlCharacter, place, place.Member, $"U+{(int)character:X4}");
        }
    }

    private static char? FirstUnusable(string value, bool lineFeeds)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(c) || c == '\uFFFD' || (char.IsControl(c) && !(lineFeeds && c == '\n')))
            {
                // U+FFFD is what a decoder puts in the place of bytes that it could not read.
                return c;
            }
        }

        return null;
    }
}
