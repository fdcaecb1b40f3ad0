using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;
using NodaTime;

namespace FinalAccounts.Server.Api;

/// <summary>A whole number that is money or is not.</summary>
/// <param name="Number">Fen for money, otherwise the number.</param>
/// <param name="Text">Yuan with two decimals for money, otherwise the number with group separators.</param>
public sealed record Quantity(long Number, string Text)
{
    public static Quantity Of(Int128 number, bool isMoney) =>
        new(checked((long)number), isMoney ? Yuan.Of(number) : number.ToString("N0", CultureInfo.InvariantCulture));
}

/// <summary>Where a figure comes from.</summary>
/// <param name="Figure">The value, exact and printed, with the rounding between the two.</param>
/// <param name="Arithmetic">How it is computed, in words with the exact values.</param>
/// <param name="Operands">The sums that it is formed from: one of a plain sum, value and base of a rate.</param>
/// <param name="Chains">For expenditure: 年初预算 → 追加 → 扣回 → 调剂 → 上年结转 → 执行 → 剩余.</param>
/// <param name="Change">What the change that the figure states consists of; absent for a figure that states none.</param>
/// <param name="AgainstPrior">The figure's value against the same a year before; absent when that is not known.</param>
/// <param name="Events">The events behind the first operand, from the first on; the others are asked for by <c>provenance/events</c>.</param>
public sealed record ProvenanceItem(
    FigureItem Figure,
    string Arithmetic,
    IReadOnlyList<OperandItem> Operands,
    IReadOnlyList<ChainItem> Chains,
    ChangeItem? Change,
    ChangeItem? AgainstPrior,
    Page<ExplainedEventItem>? Events);

/// <summary>A sum that a figure is formed from.</summary>
/// <param name="Name">What is summed, in words.</param>
/// <param name="IsMoney">True when its numbers are fen.</param>
/// <param name="Printed">The total as the form would print it.</param>
/// <param name="Unit">What that is printed in.</param>
/// <param name="Events">How many events are behind it.</param>
/// <param name="Decompositions">The sum taken apart, one way each; the parts of each add up to the total exactly.</param>
/// <param name="Units">In a consolidated document, what each unit contributes and what is eliminated (抵销).</param>
public sealed record OperandItem(
    string Name,
    bool IsMoney,
    Quantity Total,
    string Printed,
    string Unit,
    int Events,
    IReadOnlyList<DecompositionItem> Decompositions,
    IReadOnlyList<UnitPart> Units);

/// <summary>A sum taken apart in one way.</summary>
public sealed record DecompositionItem(SumAspect Aspect, IReadOnlyList<PartItem> Parts);

/// <summary>A part of a sum or of a change.</summary>
/// <param name="Key">The code, project, month, unit's code, term or number; absent for what has none.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What sort of event it is; absent for parts that are no events.</param>
/// <param name="Position">The event, when it is a single one.</param>
public sealed record PartItem(string? Key, string? Name, Quantity Amount, ChangeEventKind? Kind = null, long? Position = null);

/// <summary>What a unit contributes to a consolidated sum.</summary>
/// <param name="Amount">From its own books, before elimination.</param>
/// <param name="Total">What is left after elimination.</param>
/// <param name="Eliminations">What is taken off because another unit has booked the other side.</param>
public sealed record UnitPart(string Code, string Name, Quantity Amount, Quantity Total, IReadOnlyList<EliminationItem> Eliminations);

/// <summary>A transfer with another unit that is taken off a sum.</summary>
/// <param name="With">The code of the unit that has booked the other side.</param>
/// <param name="Spending">What it is as spending.</param>
/// <param name="Income">What it is as income.</param>
public sealed record EliminationItem(string With, string Spending, string Income, Quantity Amount);

/// <summary>The way of the money from the approved budget to what is left of it.</summary>
/// <param name="IsComplete">False when some of the budget is not given as finely as the expenditure: what is left then says nothing.</param>
public sealed record ChainItem(string Name, bool IsComplete, IReadOnlyList<StepItem> Steps);

/// <summary>A step of a waterfall.</summary>
/// <param name="Kind">What the step is.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Key">The code, project or number of a part.</param>
/// <param name="Amount">With the sign that it adds with; of a total what it stands at.</param>
/// <param name="Level">What all steps so far have led to.</param>
/// <param name="IsTotal">True for a column that stands on the ground.</param>
public sealed record StepItem(StepKind Kind, string Label, string? Key, Amount Amount, Amount Level, bool IsTotal)
{
    public static StepItem Of(WaterfallStep step, Words words) =>
        new(step.Kind, step.Label(words.Culture), step.Key, Api.Amount.Of(step.Amount), Api.Amount.Of(step.Level), step.IsTotal);
}

/// <summary>A change against the budget or the year before.</summary>
/// <param name="With">What it is against.</param>
/// <param name="Value">The value's name.</param>
/// <param name="Base">The base's name.</param>
/// <param name="Amount">Value less base.</param>
/// <param name="Breakdowns">The change taken apart, one way each; parts and rest add up to the amount exactly.</param>
public sealed record ChangeItem(ComparedWith With, string Value, string Base, Amount Amount, IReadOnlyList<BreakdownItem> Breakdowns);

/// <summary>A change taken apart in one way.</summary>
/// <param name="Parts">The parts, the largest first; absent when what is compared with can't be taken apart this way.</param>
/// <param name="Rest">What belongs to no part.</param>
/// <param name="Steps">The same as a waterfall from the base to the value.</param>
public sealed record BreakdownItem(ChangeAspect Aspect, IReadOnlyList<PartItem>? Parts, Amount Rest, IReadOnlyList<StepItem> Steps);

/// <summary>What an event contributes to a sum.</summary>
/// <param name="RunningTotal">The sum of this event and those before it.</param>
/// <param name="Kind">What happened, in words.</param>
/// <param name="Number">Document or voucher number; absent when it has none.</param>
/// <param name="Text">Purpose, summary or subject; absent when it has none.</param>
/// <param name="Reverses">The position of the posting that it takes back; absent when it takes back none.</param>
/// <param name="ReversedBy">The positions of the events that take it back, or a part of it.</param>
public sealed record ExplainedEventItem(
    long Position,
    LocalDate Date,
    Instant RecordedAt,
    string Actor,
    string Type,
    string Kind,
    string? Number,
    string? Text,
    Quantity Amount,
    Quantity RunningTotal,
    long? Reverses,
    IReadOnlyList<long> ReversedBy)
{
    public static ExplainedEventItem Of(ExplainedEvent explained, bool isMoney, Words words)
    {
        var recorded = explained.Recorded;
        var said = EventWords.Of(recorded.Event, words);
        return new(
            recorded.Position,
            recorded.Event.Date,
            recorded.RecordedAt,
            recorded.Actor,
            EventCodec.TypeOf(recorded.Event).Alias,
            said.Kind,
            said.Number is "" ? null : said.Number,
            said.Text is "" ? null : said.Text,
            Quantity.Of(explained.Amount, isMoney),
            Quantity.Of(explained.RunningTotal, isMoney),
            explained.Reverses?.Position,
            [.. explained.ReversedBy.Select(r => r.Position)]);
    }
}

/// <summary>Where figures come from.</summary>
internal static class ProvenanceRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(YearRoutes.Path + "/provenance", Provenance).Needs(Right.ReadBooks).Answering<ProvenanceItem>();
        api.MapGet(YearRoutes.Path + "/provenance/events", Events).Needs(Right.ReadBooks).Answering<Page<ExplainedEventItem>>();
    }

    /// <summary>Where a figure comes from: its operands, what they consist of, and the events behind them.</summary>
    /// <param name="address">The figure's address.</param>
    /// <param name="limit">Most events that are listed with it: 1 to 1,000; 100 when absent.</param>
    internal static Task<IResult> Provenance(
        HttpContext http, Answers answers, [AsParameters] YearRequest request, string address, int? limit = null, CancellationToken cancellationToken = default) =>
        answers.JsonAsync(
            http, request.Asked, $"provenance|{address}|{limit}", ApiJson.Own.ProvenanceItem,
            (reported, words) => Of(request.Asked, reported, FigureRoutes.Find(reported.Document, address), new(null, limit), words), cancellationToken);

    /// <summary>The events behind one operand of a figure, or behind a part of it, in the order of the log with running totals.</summary>
    /// <param name="address">The figure's address.</param>
    /// <param name="operand">Which of its operands, from 0.</param>
    /// <param name="aspect">With <c>key</c>: of a part of the operand only.</param>
    /// <param name="key">The part's key; absent for what has none.</param>
    internal static Task<IResult> Events(
        HttpContext http, Answers answers, [AsParameters] YearRequest request, [AsParameters] PageRequest page,
        string address, int operand = 0, Choice<SumAspect>? aspect = null, string? key = null, CancellationToken cancellationToken = default) =>
        answers.JsonAsync(
            http, request.Asked, $"provenance-events|{address}|{operand}|{aspect?.Value}|{key}|{page}", ApiJson.Own.PageExplainedEventItem,
            (reported, words) =>
            {
                var operands = FigureRoutes.Find(reported.Document, address).Query.Sums.ToList();
                var sum = operand >= 0 && operand < operands.Count ? ExplainedSum.Of(operands[operand], reported.Books) : throw ApiException.NotFound();
                return List(request.Asked, aspect is { Value: var by } ? sum.Part(by, key) : sum, page, $"{address}|{operand}|{aspect?.Value}|{key}", words);
            },
            cancellationToken);

    private static Page<ExplainedEventItem> List(Asked asked, ExplainedSum sum, PageRequest page, string of, Words words)
    {
        var tag = EntityTags.Short(asked, of);
        var (from, count) = ((int)page.From(tag), page.Count);
        var next = from + count;
        return new(
            [.. sum.Events.Page(from, count).Select(e => ExplainedEventItem.Of(e, sum.IsMoney, words))],
            next < sum.Events.Count ? PageRequest.CursorAt(next, tag) : null,
            sum.Events.Count);
    }

    private static ProvenanceItem Of(Asked asked, ReportedYear reported, Figure figure, PageRequest page, Words words)
    {
        var provenance = FinalAccounts.Reporting.Provenance.Of(figure, reported.Books, ReportedYear.Pack(reported.Books.Current.Opened!));
        return new(
            FigureItem.Of(figure),
            provenance.Arithmetic(words.Culture),
            [.. provenance.Operands.Select(Of)],
            [.. provenance.Chains.Select(c => new ChainItem(c.Spending.Name, c.IsComplete, [.. c.Waterfall.Steps.Select(s => StepItem.Of(s, words))]))],
            provenance.Change is { } change ? Of(change, reported.Books, words) : null,
            provenance.AgainstPrior is { } prior ? Of(prior, reported.Books, words) : null,
            provenance.Operands is [var first, ..] ? List(asked, first.Sum, page, $"{figure.Address}|0||", words) : null);
    }

    private static OperandItem Of(Operand operand)
    {
        var (sum, isMoney) = (operand.Sum, operand.Sum.IsMoney);
        return new(
            sum.Name,
            isMoney,
            Quantity.Of(sum.Total, isMoney),
            operand.Printed,
            operand.Unit,
            sum.Events.Count,
            [.. sum.Decompositions.Select(d => new DecompositionItem(d.Aspect, [.. d.Parts.Select(p => new PartItem(p.Key, p.Name, Quantity.Of(p.Amount, isMoney)))]))],
            [.. sum.Units.Select(u => new UnitPart(
                u.Unit.Code.ToString(),
                u.Unit.Name,
                Quantity.Of(u.Amount, isMoney),
                Quantity.Of(u.Total, isMoney),
                [.. u.Eliminations.Select(e => new EliminationItem(
                    e.With.Code.ToString(), e.Transfer.SpendingKind().Term(), e.Transfer.IncomeSource().Term(), Quantity.Of(e.Amount, isMoney)))]))]);
    }

    private static ChangeItem Of(Change change, ReportBooks books, Words words) => new(
        change.With,
        change.Value.Name,
        change.Base.Name,
        Amount.Of(change.Amount),
        [.. change.Breakdowns.Select(b => new BreakdownItem(
            b.Aspect,
            b.Parts is { } parts ? [.. parts.Select(p => new PartItem(p.Key is "" ? null : p.Key, null, Quantity.Of(p.Amount, isMoney: true), p.Kind, p.Recorded?.Position))] : null,
            Amount.Of(b.Rest),
            [.. Waterfall.Of(change, b.Aspect, books).Steps.Select(s => StepItem.Of(s, words))]))]);
}
