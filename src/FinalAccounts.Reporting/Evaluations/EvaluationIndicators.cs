using FinalAccounts.Ledger.Performance;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Reporting;

/// <summary>The indicators of a self-evaluation form and its total.</summary>
internal sealed class EvaluationIndicators(
    ReportBooks books, FigureBook book, TextRenderer texts, EvaluatedThing evaluated, string id, EvaluationFile file)
{
    private readonly EvaluationIndicatorsFile columns = file.Indicators!;

    private string WeightColumn => columns.Columns![5];

    private string ScoreColumn => columns.Columns![6];

    public IReadOnlyList<EvaluationIndicator> Build(EvaluationGrid grid, out EvaluationTotal total)
    {
        var indicators = evaluated.Indicators;
        grid.IndicatorHead(indicators.Count + 1);
        List<EvaluationIndicator> rows = [];
        for (var i = 0; i < indicators.Count; i++)
        {
            var indicator = indicators[i];
            var height1 = Height(i, 0, x => x.Level1);
            var height2 = Height(i, Start(i, x => x.Level1), x => x.Level2);
            var (level1, level2) = (Printed(columns.Level1, indicator.Level1, i, height1), Printed(columns.Level2, indicator.Level2, i, height2));
            var weight = indicator.WeightHundredths == 0 ? Blank : Points(book, books, $"{id}/{evaluated.AddressOf(i)}/{WeightColumn}", evaluated.WeightQuery(i));
            var score = Points(book, books, $"{id}/{evaluated.AddressOf(i)}/{ScoreColumn}", evaluated.ScoreQuery(i));
            var result = evaluated.ResultOf(i);
            var (target, actual) = (WithUnit(indicator.Target, indicator.Unit), result is null ? null : WithUnit(result.Actual, indicator.Unit));
            grid.Indicator(
            [
                .. level1 is null ? Array.Empty<LayoutCell>() : [EvaluationGrid.Label(level1, rows: height1)],
                .. level2 is null ? Array.Empty<LayoutCell>() : [EvaluationGrid.Label(level2, rows: height2)],
                new(indicator.Name, LayoutCellKind.Text), new(target, LayoutCellKind.Text), new(actual ?? "", LayoutCellKind.Text),
                weight, score, new(result?.Deviation ?? "", LayoutCellKind.Text),
            ]);
            rows.Add(new(
                indicator.Level1, level1, indicator.Level2, level2, indicator.Name, target, actual,
                EvaluationMoney.ToCell(WeightColumn, weight), EvaluationMoney.ToCell(ScoreColumn, score), result?.Deviation));
        }

        total = Total(grid);
        return rows;
    }

    /// <summary>A cell of points from hundredths of a point; blank when there is nothing to print.</summary>
    internal static LayoutCell Points(FigureBook book, ReportBooks books, string address, SumQuery? query)
    {
        if (query is null)
        {
            return Blank;
        }

        var hundredths = query.Total(books);
        var (text, rounding) = Printing.Score(hundredths);
        var figure = book.Add(new(address, query.Name, Printing.Points, Ratio.Whole(hundredths), text, rounding, query));
        return new(text, LayoutCellKind.Value, Printed: (long)hundredths, Address: figure.Address);
    }

    private static LayoutCell Blank => new("", LayoutCellKind.Value);

    private EvaluationTotal Total(EvaluationGrid grid)
    {
        var file1 = file.Total!;
        var label = file1.Label!;
        var all = Enumerable.Range(0, evaluated.Indicators.Count).ToList();
        var everything = file1.Of == EvaluationTotalScope.Everything;
        List<SumQuery?> weights = [.. all.Select(i => evaluated.WeightQuery(i)), everything ? evaluated.ExecutionWeightQuery() : null];
        List<SumQuery?> scores = [.. all.Select(i => evaluated.ScoreQuery(i))];
        var weight = Points(book, books, $"{id}/{label}/{WeightColumn}", Together(label, weights));
        var score = Points(book, books, $"{id}/{label}/{ScoreColumn}", everything ? evaluated.TotalScoreQuery() : Together(label, scores));
        grid.Total(label, weight, score);
        return new(label, EvaluationMoney.ToCell(WeightColumn, weight), EvaluationMoney.ToCell(ScoreColumn, score));
    }

    private static SumQuery? Together(string name, IEnumerable<SumQuery?> queries)
    {
        List<Term> terms = [.. queries.OfType<SumQuery>().SelectMany(q => q.Terms)];
        return terms.Count == 0 ? null : new(name, terms);
    }

    /// <summary>The place of the first of the neighbours that share a level with the indicator.</summary>
    private int Start(int place, Func<Indicator, string> level)
    {
        while (place > 0 && level(evaluated.Indicators[place - 1]) == level(evaluated.Indicators[place]))
        {
            place--;
        }

        return place;
    }

    /// <summary>How many rows the level's cell covers from here on; 0 when a cell further up covers this row.</summary>
    private int Height(int place, int from, Func<Indicator, string> level)
    {
        var indicators = evaluated.Indicators;
        var start = Math.Max(from, Start(place, level));
        if (start < place)
        {
            return 0;
        }

        var end = place + 1;
        while (end < indicators.Count && level(indicators[end]) == level(indicators[place]) && Start(end, x => x.Level1) == Start(place, x => x.Level1))
        {
            end++;
        }

        return end - place;
    }

    /// <summary>The level as the form prints it; null in rows that another one's cell covers.</summary>
    private string? Printed(PackText? template, string level, int place, int height)
    {
        if (height == 0)
        {
            return null;
        }

        var points = evaluated.Indicators.Skip(place).Take(height).Sum(i => (long)i.WeightHundredths);
        return template is null ? level : texts.Plain(template, ("level", level), ("points", Printing.Score(points).Text));
    }

    /// <summary>A value with its unit, which words have already.</summary>
    private static string WithUnit(string value, string? unit) =>
        unit is not null && value.Length > 0 && value.All(c => char.IsAsciiDigit(c) || "≥≤<>＞＜≧≦=.,".Contains(c)) ? value + unit : value;
}
