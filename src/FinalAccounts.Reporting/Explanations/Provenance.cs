using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>
/// Where a figure comes from: the query that computed it, walked back over the same facts to the events. What it says adds up
/// to the figure exactly.
/// </summary>
/// <param name="Figure">The value, exact and printed, with the rounding rule between the two.</param>
/// <param name="Operands">The sums that the figure is formed from: one of a plain sum, value and base of a rate.</param>
/// <param name="Chains">For the operands that are expenditure: the way from the approved budget to what is left of it.</param>
/// <param name="Change">What the change that the figure states consists of; null for a figure that states none.</param>
/// <param name="AgainstPrior">The figure's value against the same a year before; null when that is not known, or the figure is no sum and
/// no comparison of one with last year.</param>
public sealed record Provenance(
    Figure Figure, IReadOnlyList<Operand> Operands, IReadOnlyList<BudgetChain> Chains, Change? Change, Change? AgainstPrior)
{
    /// <summary>The provenance of a figure of a document that was built from these books with this pack.</summary>
    public static Provenance Of(Figure figure, ReportBooks books, FormPack pack)
    {
        var change = ExplainingChange.Explain(figure, books);
        return new(
            figure,
            [.. figure.Query.Sums.Select(sum => Operand.Of(figure, sum, books, pack))],
            [.. figure.Query.Sums.Select(sum => BudgetChain.Of(sum, books)).OfType<BudgetChain>()],
            change,
            change is { With: ComparedWith.PriorYear } ? change
                : figure.Query is SumQuery value && PriorYear.Of(value, books, pack) is { } before ? ExplainingChange.Explain(value, before, books)
                : null);
    }

    /// <summary>How the figure is computed, with the exact values; Chinese in the invariant culture.</summary>
    public string Arithmetic(CultureInfo culture)
    {
        var result = $"{Figure.Printed ?? "0"}{Figure.Unit}";
        return (Figure.Query, Operands) switch
        {
            (SumQuery, [var sum]) => Text("Sum", Measures(sum), sum.Exact(culture)),
            (DifferenceQuery, [var value, var @base]) => Text("Difference", value.Sum.Name, value.Exact(culture), @base.Sum.Name, @base.Exact(culture), result),
            (ShareQuery, [var value, var @base]) => Text("Share", value.Sum.Name, value.Exact(culture), @base.Sum.Name, @base.Exact(culture), result),
            (RateQuery, [var value, var @base]) => Text("Rate", value.Sum.Name, value.Exact(culture), @base.Sum.Name, @base.Exact(culture), result),
            (IndicatorScoreQuery query, [var weight, _]) =>
                Text("IndicatorScore", weight.Sum.Name, weight.Exact(culture), query.Share.Numerator, query.Share.Denominator, result),
            (ExecutionScoreQuery, [var weight, var executed, var budget]) => Text(
                "ExecutionScore", weight.Sum.Name, weight.Exact(culture), executed.Sum.Name, executed.Exact(culture), budget.Sum.Name, budget.Exact(culture), result),
            (TotalScoreQuery query, _) => Text("TotalScore", query.Parts.Count, result),
            _ => throw new InvalidOperationException($"There are no words for {Figure.Query.GetType().Name}."),
        };

        string Text(string key, params object[] arguments) => ExplanationMessages.Text(key, culture, arguments);

        // 支出＋年末结转和结余: what the sum adds up, in the order of the query.
        string Measures(Operand sum)
        {
            System.Text.StringBuilder words = new();
            foreach (var term in sum.Sum.Query.Terms.Select(t => (t.Sign, Measure: t.Filter.Measure.Term())).Distinct())
            {
                words.Append(term.Sign < 0 ? Text("Minus") : words.Length > 0 ? Text("Plus") : "").Append(term.Measure);
            }

            return words.ToString();
        }
    }
}

/// <summary>A sum that a figure is formed from.</summary>
/// <param name="Unit">What the total is printed in: 万元, 人, 分, …; empty for a bare number.</param>
/// <param name="Printed">The total as the form would print it.</param>
public sealed record Operand(ExplainedSum Sum, string Unit, string Printed)
{
    /// <summary>The exact total with its unit: yuan with two decimals, or as it was reported.</summary>
    public string Exact(CultureInfo culture) => Sum.IsMoney
        ? ExplanationMessages.Text("Yuan", culture, new Money(checked((long)Sum.Total)).ToYuan())
        : $"{Printed}{Unit}";

    internal static Operand Of(Figure figure, SumQuery query, ReportBooks books, FormPack pack)
    {
        var sum = ExplainedSum.Of(query, books);
        if (figure.Query is SumQuery)
        {
            return new(sum, figure.Unit, figure.Printed ?? "");
        }

        if (sum.IsMoney)
        {
            var unit = Printing.IsMoney(figure.Unit) ? figure.Unit : pack.Unit;
            return new(sum, unit, Printing.Money(sum.Total, unit, pack.Format(NumberFormat.Amount)).Text);
        }

        var counted = query.Terms.Select(t => t.Filter switch
        {
            { Measure: Measure.Statistic, Name: { } name } => books.Of(t.Year).UnitOf(name) ?? "",
            { Measure: Measure.EvaluatedProjects } => "个",
            { Measure: var measure } when measure.IsPoints() => Statistic.Points,
            _ => "",
        }).FirstOrDefault() ?? "";
        return new(sum, counted, Printing.Reported(sum.Total, counted).Text);
    }
}

/// <summary>Finds last year's counterpart of a sum that a document prints without comparing it.</summary>
internal static class PriorYear
{
    /// <summary>The same sum a year before, from last year's books or as it was imported; null when it is not known.</summary>
    public static SumQuery? Of(SumQuery sum, ReportBooks books, FormPack pack)
    {
        // What one event brought has no counterpart in another year.
        if (sum.Terms.Any(t => t.Year == BooksYear.Prior || t.Filter.Measure == Measure.Comparative || t.Filter.Position is not null))
        {
            return null;
        }

        if (books.Prior is { Opened: not null } prior && sum.Terms.All(t => IsKnown(t.Filter, prior)))
        {
            return new(Messages.Text("PriorYearOf", sum.Name), [.. sum.Terms.Select(t => t with { Year = BooksYear.Prior })]);
        }

        return Imported(sum, books, pack);
    }

    private static bool IsKnown(FactFilter filter, YearBooks prior) =>
        (filter.Measure != Measure.Statistic && !filter.Measure.IsPoints()) || prior.Facts.Any(filter);

    /// <summary>Imported figures have the name of a quantity, or of a quantity and a functional code.</summary>
    private static SumQuery? Imported(SumQuery sum, ReportBooks books, FormPack pack)
    {
        Quantities quantities = new(pack, books);
        var function = sum.Terms.Select(t => t.Filter.Function).Distinct().ToList() is [var only] ? only : null;
        return new[] { null, function }.Distinct().Select(f => new Narrowing(Function: f))
            .Where(narrowing => pack.Knows(sum.Name) && quantities.Find(sum.Name, narrowing)?.Signature == sum.Signature)
            .Select(narrowing => quantities.Find(sum.Name + Quantities.PriorSuffix, narrowing))
            .FirstOrDefault(q => q is not null);
    }
}
