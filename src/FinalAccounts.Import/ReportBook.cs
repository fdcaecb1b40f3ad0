using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Statistics;

namespace FinalAccounts.Import;

/// <summary>Reads statistics.csv, explanations.yaml and comparatives.csv. Their rows keep the order of the file: texts list meetings in it.</summary>
internal static class ReportBook
{
    private const string MeetingCategory = "会议";

    public static BookEntry<YearCommand>? ReadStatistics(Table table, FiscalYear year, ImportErrors errors)
    {
        var before = errors.Count;
        var statistics = new List<(Statistic Item, TableRow Row)>();
        var meetings = new List<Meeting>();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in table.Rows.Select(row => new RowReader(row, errors)))
        {
            var name = row.Text(BookFormats.Name);
            var unit = row.Text(BookFormats.Unit);
            if (name.Length > 0 && !names.TryAdd(name, row.Row.Line))
            {
                row.Fail(ImportRule.ValueRepeated, BookFormats.Name, $"{names[name]}");
            }

            if (row.Text(BookFormats.Category) == MeetingCategory)
            {
                if (unit.Length > 0 && unit != Statistic.Yuan)
                {
                    row.Fail(ImportRule.TermUnknown, BookFormats.Unit, Statistic.Yuan);
                }

                meetings.Add(new(name, row.Text(BookFormats.Content), row.Amount(BookFormats.Value, Sign.NotNegative),
                    (int)Math.Min(row.WholeNumber(BookFormats.Persons), int.MaxValue)));
            }
            else
            {
                // Scores and rates have two decimals as yuan have.
                var value = Statistic.IsInHundredths(unit)
                    ? row.Amount(BookFormats.Value, Sign.NotNegative).Fen
                    : row.WholeNumber(BookFormats.Value);
                statistics.Add((new(name, value, unit), row.Row));
            }
        }

        return errors.Count > before || table.Rows.Count == 0
            ? null
            : new(new ReportStatistics(year.LastDay, [.. statistics.Select(s => s.Item)], meetings.Count == 0 ? null : meetings),
                table.Rows[0], [.. statistics.Select(s => s.Row)]);
    }

    public static IEnumerable<BookEntry<YearCommand>> ReadExplanations(Table table, FiscalYear year, ImportErrors errors)
    {
        var subjects = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in table.Rows.Select(row => new RowReader(row, errors)))
        {
            var written = new WriteExplanation(row.DateOr(BookFormats.Date, year.LastDay, year), row.Text(BookFormats.Subject),
                row.Text(BookFormats.Text), row.Text(BookFormats.Author));
            if (written.Subject.Length > 0 && !subjects.TryAdd(written.Subject, row.Row.Line))
            {
                row.Fail(ImportRule.ValueRepeated, BookFormats.Subject, $"{subjects[written.Subject]}");
            }

            if (!row.Failed)
            {
                yield return new(written, row.Row, []);
            }
        }
    }

    /// <summary>Figures of the year before; one entry per source.</summary>
    public static IEnumerable<BookEntry<YearCommand>> ReadComparatives(Table table, FiscalYear year, ImportErrors errors)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var read = new List<(string Source, Comparative Item, TableRow Row)>();
        foreach (var row in table.Rows.Select(row => new RowReader(row, errors)))
        {
            var item = new Comparative(row.Text(BookFormats.Project), row.Amount(BookFormats.PriorAmount, Sign.NotNegative));
            if (item.Quantity.Length > 0 && !names.TryAdd(item.Quantity, row.Row.Line))
            {
                row.Fail(ImportRule.ValueRepeated, BookFormats.Project, $"{names[item.Quantity]}");
            }

            if (!row.Failed)
            {
                read.Add((row.Optional(BookFormats.Origin) ?? table.File, item, row.Row));
            }
        }

        if (year.Value == FiscalYear.First)
        {
            yield break;
        }

        foreach (var source in read.GroupBy(r => r.Source, StringComparer.Ordinal))
        {
            var imported = new ImportComparatives(year.FirstDay, new(year.Value - 1), source.Key, [.. source.Select(s => s.Item)]);
            yield return new(imported, source.First().Row, [.. source.Select(s => s.Row)]);
        }
    }
}
