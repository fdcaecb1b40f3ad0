using System.Globalization;

namespace FinalAccounts.Reporting.Fidelity;

/// <summary>Compares the tables: titles and notes, rows, printed cells.</summary>
internal static class TableComparison
{
    public static void Compare(Findings findings, IReadOnlyList<PublishedTable> published, IReadOnlyList<DisclosureTable> ours)
    {
        foreach (var table in published)
        {
            if (ours.FirstOrDefault(t => t.Id == table.Id) is { } made)
            {
                Labels(findings, table, made);
                Rows(findings, table, made);
            }
            else
            {
                Absent(findings, table);
            }
        }

        foreach (var table in ours.Where(t => published.All(p => p.Id != t.Id)))
        {
            findings.Differ(Matter.Label, table.Id, null, table.Title);
        }
    }

    /// <summary>One difference says that a table is missing; its rows and cells count as not equal.</summary>
    private static void Absent(Findings findings, PublishedTable table)
    {
        findings.Missing(Matter.Label, table.Id, table.Title, null);
        foreach (var row in table.Rows.Where(IsPrinted))
        {
            findings.Count(Matter.Row, false);
            foreach (var _ in row.Cells.Where(c => c.Text is not null))
            {
                findings.Count(Matter.Cell, false);
            }
        }
    }

    private static void Labels(Findings findings, PublishedTable table, DisclosureTable made)
    {
        Text("标题", table.Title, made.Title);
        Text("金额单位", table.UnitOfAmount, made.UnitOfAmount);
        Text("栏目", string.Join('\n', table.Columns), string.Join('\n', [.. made.Columns, .. made.Statistics?.Columns ?? []]));

        // Where a note ends and the next one begins is a matter of layout.
        Text("注", string.Join('\n', table.Notes), string.Join('\n', made.Notes));

        void Text(string what, string print, string computed)
        {
            var isEqual = findings.Passages(Matter.Label, $"{table.Id}/{what}", new(print), new(computed), []);
            findings.Count(Matter.Label, isEqual, !FoldedText.SameWidth(print, computed));
        }
    }

    private static void Rows(Findings findings, PublishedTable table, DisclosureTable made)
    {
        var print = Keyed(table.Id, table.Rows);
        IReadOnlyList<TableRow> rows = [.. made.Rows, .. CountsOf(made)];
        var ours = Keyed(table.Id, rows);
        var pairs = Pair(print, ours);
        foreach (var row in print)
        {
            if (pairs.TryGetValue(row, out var match))
            {
                Row(findings, row, match);
            }
            else
            {
                findings.Missing(Matter.Row, row.Where, NameOf(row.Row), null);
                Cells(findings, row.Where, row.Row.Cells, []);
            }
        }

        foreach (var row in ours.Except(pairs.Values))
        {
            findings.Missing(Matter.Row, row.Where, null, NameOf(row.Row));
            Cells(findings, row.Where, [], row.Row.Cells);
        }

        Order(findings, table, rows, made.Layout, [.. print.Where(pairs.ContainsKey).Select(p => pairs[p].Row)]);
    }

    /// <summary>The counts below a table's rows as rows.</summary>
    private static IEnumerable<TableRow> CountsOf(DisclosureTable table) => table.Statistics is { } statistics
        ? statistics.Items.Select(s => new TableRow(null, null, s.Name, null, [new(statistics.Columns[^1], s.Text, s.Address)]))
        : [];

    /// <summary>
    /// Pairs rows that agree in side, code, name and line, the first with the first; then those left over that agree in side
    /// and code, or in side and line, so that another name does not hide the amounts.
    /// </summary>
    private static Dictionary<KeyedRow, KeyedRow> Pair(IReadOnlyList<KeyedRow> print, IReadOnlyList<KeyedRow> ours)
    {
        Dictionary<KeyedRow, KeyedRow> pairs = [];
        By(r => (r.Side, r.Code, Name(r), r.Line), _ => true);
        By(r => (r.Side, r.Code), r => r.Code is not null);
        By(r => (r.Side, r.Line), r => r.Line is not null);
        return pairs;

        void By<TKey>(Func<TableRow, TKey> key, Func<TableRow, bool> applies) where TKey : notnull
        {
            var free = ours.Except(pairs.Values).Where(r => applies(r.Row)).GroupBy(r => key(r.Row)).ToDictionary(g => g.Key, g => new Queue<KeyedRow>(g));
            foreach (var row in print.Where(r => applies(r.Row) && !pairs.ContainsKey(r)))
            {
                if (free.TryGetValue(key(row.Row), out var queue) && queue.TryDequeue(out var match))
                {
                    pairs.Add(row, match);
                }
            }
        }

        static string? Name(TableRow row) => row.Name is { } name ? FoldedText.Of(name) : null;
    }

    private static void Row(Findings findings, KeyedRow print, KeyedRow ours)
    {
        (string What, string? Print, string? Ours)[] parts =
        [
            ("代码", print.Row.Code, ours.Row.Code),
            ("名称", print.Row.Name, ours.Row.Name),
            ("行次", Number(print.Row.Line), Number(ours.Row.Line)),
        ];
        findings.Count(Matter.Row, parts.All(p => FoldedText.Same(p.Print, p.Ours)), !parts.All(p => FoldedText.SameWidth(p.Print, p.Ours)));
        foreach (var (what, text, computed) in parts.Where(p => !FoldedText.Same(p.Print, p.Ours)))
        {
            findings.Differ(Matter.Row, $"{print.Where}/{what}", text, computed);
        }

        Cells(findings, print.Where, print.Row.Cells, ours.Row.Cells);
    }

    /// <summary>Compares the cells of a row by column. A blank cell counts only where we print something.</summary>
    private static void Cells(Findings findings, string row, IReadOnlyList<TableCell> print, IReadOnlyList<TableCell> ours)
    {
        var made = ours.ToDictionary(c => FoldedText.Of(c.Column), c => c.Text);
        foreach (var cell in print)
        {
            made.Remove(FoldedText.Of(cell.Column), out var computed);
            if (cell.Text is not null)
            {
                findings.Value(Matter.Cell, $"{row}/{cell.Column}", cell.Text, computed);
            }
            else if (computed is not null)
            {
                findings.Differ(Matter.Cell, $"{row}/{cell.Column}", null, computed);
            }
        }

        foreach (var cell in ours.Where(c => c.Text is not null && made.ContainsKey(FoldedText.Of(c.Column))))
        {
            findings.Differ(Matter.Cell, $"{row}/{cell.Column}", null, cell.Text);
        }
    }

    /// <summary>
    /// The rows must stand in the published order. A table of several groups side by side may be read group by group or
    /// line by line; either will do.
    /// </summary>
    private static void Order(
        Findings findings, PublishedTable table, IReadOnlyList<TableRow> rows, TableLayout layout, IReadOnlyList<TableRow> inPublishedOrder)
    {
        var onPage = layout.Body.SelectMany(line => line).Index()
            .Where(c => c.Item.Address is not null).ToDictionary(c => c.Item.Address!, c => c.Index);
        foreach (var side in inPublishedOrder.GroupBy(r => r.Side))
        {
            var byGroup = side.Select(row => rows.Index().First(r => ReferenceEquals(r.Item, row)).Index);
            var byLine = side.Select(row => row.Cells is [{ Address: { } address }, ..] && onPage.TryGetValue(address, out var at) ? at : -1);
            if (!IsRising([.. byGroup]) && !IsRising([.. byLine]))
            {
                findings.Differ(Matter.Row, side.Key is null ? $"{table.Id}/行序" : $"{table.Id}/{side.Key}/行序", null, null);
            }
        }

        static bool IsRising(IReadOnlyList<int> order) => order.Zip(order.Skip(1)).All(p => 0 <= p.First && p.First < p.Second);
    }

    private static IReadOnlyList<KeyedRow> Keyed(string table, IReadOnlyList<TableRow> rows)
    {
        Occurrences seen = new();
        return [.. rows.Where(IsPrinted).Select(row => new KeyedRow(
            seen.Name(string.Join('/', ((string?[])[table, row.Side, Number(row.Line) ?? row.Code ?? row.Name]).OfType<string>())), row))];
    }

    /// <summary>False for a line of the form on which nothing is printed.</summary>
    private static bool IsPrinted(TableRow row) => row.Name is not null || row.Code is not null || row.Line is not null || row.Cells.Any(c => c.Text is not null);

    private static string NameOf(TableRow row) => row.Name ?? row.Code ?? Number(row.Line) ?? "";

    private static string? Number(int? line) => line?.ToString(CultureInfo.InvariantCulture);

    /// <summary>A row with its place; compared by reference.</summary>
    private sealed class KeyedRow(string where, TableRow row)
    {
        public string Where { get; } = where;

        public TableRow Row { get; } = row;
    }
}
