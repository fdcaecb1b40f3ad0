using System.Globalization;

namespace FinalAccounts.Reporting;

/// <summary>
/// How one amount became another, step by step. The steps before the last add up to the last exactly.
/// </summary>
public sealed record Waterfall(IReadOnlyList<WaterfallStep> Steps)
{
    /// <summary>From last year's amount over what changed to this year's; a change that can't be taken apart so is one step.</summary>
    public static Waterfall Of(Change change, ChangeAspect aspect, ReportBooks books)
    {
        List<WaterfallStep> steps = [];
        Int128 level = 0;
        var start = change.With == ComparedWith.Budget ? StepKind.Budget : StepKind.PriorYear;
        Add(start, null, null, change.Base.Total(books), change.Base);
        if (change.By(aspect) is { IsKnown: true } breakdown)
        {
            foreach (var part in breakdown.Parts!)
            {
                Add(StepKind.Part, part.Key, NameOf(aspect, part, books), part.Amount, part.Query);
            }

            if (breakdown.Rest != 0)
            {
                Add(StepKind.Rest, null, null, breakdown.Rest, breakdown.RestQuery);
            }
        }
        else
        {
            Add(StepKind.Rest, null, null, change.Amount, null);
        }

        steps.Add(new(StepKind.CurrentYear, null, null, level, level, change.Value));
        return new(steps);

        void Add(StepKind kind, string? key, string? name, Int128 amount, SumQuery? query)
        {
            level += amount;
            steps.Add(new(kind, key, name, amount, level, query));
        }
    }

    private static string NameOf(ChangeAspect aspect, ChangePart part, ReportBooks books) => aspect switch
    {
        ChangeAspect.Item => CodeNames.Of(books, new Ledger.FunctionCode(part.Key)),
        ChangeAspect.Economic => CodeNames.Of(books, new Ledger.EconomicCode(part.Key)),
        _ => part.Key,
    };
}

/// <summary>What a step of a waterfall is.</summary>
public enum StepKind
{
    /// <summary>年初预算.</summary>
    InitialBudget,

    /// <summary>追加.</summary>
    Supplement,

    /// <summary>扣回; below zero.</summary>
    Withdrawal,

    /// <summary>调剂.</summary>
    Reallocation,

    /// <summary>上年结转.</summary>
    Opening,

    /// <summary>执行: what was spent, taken off.</summary>
    Execution,

    /// <summary>剩余: what is left of all that was there.</summary>
    Remaining,

    /// <summary>The budget that a figure is compared with.</summary>
    Budget,

    /// <summary>上年.</summary>
    PriorYear,

    /// <summary>A part of a change: an item, a project, a document.</summary>
    Part,

    /// <summary>What belongs to no part.</summary>
    Rest,

    /// <summary>本年.</summary>
    CurrentYear,
}

/// <summary>A step of a waterfall.</summary>
/// <param name="Key">The code, project or number of a part; null for other steps.</param>
/// <param name="Name">What the part is called; null for other steps, whose kind names them.</param>
/// <param name="Amount">In fen, with the sign that it adds with; of a total what it stands at.</param>
/// <param name="Level">In fen: what all steps so far have led to.</param>
/// <param name="Query">What it is the sum of, to ask for its events; null for a total of others and for what is not known closer.</param>
public sealed record WaterfallStep(StepKind Kind, string? Key, string? Name, Int128 Amount, Int128 Level, SumQuery? Query)
{
    /// <summary>True for a column that stands on the ground: where it starts, and what it leads to.</summary>
    public bool IsTotal => Kind is StepKind.Budget or StepKind.PriorYear or StepKind.CurrentYear or StepKind.Remaining;

    /// <summary>What the step is called; Chinese in the invariant culture.</summary>
    public string Label(CultureInfo culture) => Name ?? ExplanationMessages.Text($"Step{Kind}", culture);
}
