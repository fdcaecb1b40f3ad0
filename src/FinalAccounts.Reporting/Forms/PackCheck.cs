using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Performance;

namespace FinalAccounts.Reporting.Forms;

/// <summary>
/// Checks what can be wrong in a form pack before any books are at hand: missing keys, unknown names, circles. Everything
/// that is found is listed, with file and line.
/// </summary>
internal sealed class PackCheck
{
    private readonly PackFiles files;
    private readonly List<FormPackProblem> problems = [];

    private PackCheck(PackFiles files) => this.files = files;

    /// <exception cref="FormPackException">The pack breaks a rule.</exception>
    public static void Check(PackFiles files)
    {
        PackCheck check = new(files);
        check.Pack();
        check.Quantities();
        foreach (var table in files.Tables)
        {
            check.Table(table);
        }

        check.Repeated(files.Tables, t => t.Id);
        check.Texts();
        check.Scoring();
        foreach (var evaluation in files.Evaluations.Values)
        {
            check.Evaluation(evaluation);
        }

        foreach (var form in files.Forms.Values)
        {
            check.Form(form);
        }

        check.Glossary();
        check.Comparisons();
        check.Templates();
        if (check.problems.Count > 0)
        {
            throw new FormPackException([.. check.problems.Distinct()]);
        }
    }

    /// <summary>True when the pack knows what the name stands for.</summary>
    private bool Knows(string name)
    {
        var quantity = name.EndsWith(Reporting.Quantities.PriorSuffix, StringComparison.Ordinal) ? name[..^Reporting.Quantities.PriorSuffix.Length] : name;
        return files.Quantities.ContainsKey(quantity) || (files.Pack.Statistics?.ContainsKey(quantity) ?? false)
            || (files.Pack.Standards?.Any(s => s.Name == quantity) ?? false);
    }

    private void Refuse(PackRule rule, PackPlace place, params IReadOnlyList<object> arguments) => problems.Add(new(rule, place, arguments));

    private bool Require(object? value, string key, Placed at)
    {
        if (value is null)
        {
            Refuse(PackRule.KeyMissing, at.Place, key);
        }

        return value is not null;
    }

    private void Repeated<T>(IEnumerable<T> entries, Func<T, string?> key) where T : Placed
    {
        foreach (var group in entries.Where(e => key(e) is not null).GroupBy(key).Where(g => g.Count() > 1))
        {
            Refuse(PackRule.Repeated, group.Last().Place, group.Key!);
        }
    }

    private void Name(string? quantity, Placed at)
    {
        if (quantity is not null && !Knows(quantity))
        {
            Refuse(PackRule.QuantityUnknown, at.Place, quantity);
        }
    }

    private void Term<T>(string? term, PackPlace place) where T : struct, Enum
    {
        if (term is not null && !Terms.TryParse<T>(term, out _))
        {
            Refuse(PackRule.TermUnknown, place, term, string.Join('、', Terms.All<T>()));
        }
    }

    private void Code(string? code, Func<string, bool> isValid, Placed at)
    {
        if (code is not null && !isValid(code))
        {
            Refuse(PackRule.CodeMalformed, at.Place, code);
        }
    }

    private void Pack()
    {
        var pack = files.Pack;
        if (!pack.Abstract)
        {
            Require(pack.Title, "title", pack);
            Require(pack.Parts, "parts", pack);
            foreach (var format in (string[])[NumberFormat.Cell, NumberFormat.Amount, NumberFormat.Percent])
            {
                Require(pack.Formats?.GetValueOrDefault(format), $"formats: {format}", pack);
            }
        }

        if (pack.Unit is { } unit && !Printing.MoneyUnits.Contains(unit))
        {
            Refuse(PackRule.TermUnknown, pack.Place, unit, string.Join('、', Printing.MoneyUnits));
        }

        foreach (var code in (pack.Names ?? []).Keys)
        {
            Code(code, c => FunctionCode.IsValid(c) || EconomicCode.IsValid(c), pack);
        }

        foreach (var standard in pack.Standards ?? [])
        {
            _ = Require(standard.Name, "name", standard) && Require(standard.Value, "value", standard) && Require(standard.Unit, "unit", standard);
        }

        foreach (var part in pack.Parts ?? [])
        {
            Require(part.Title, "title", part);
            if (Require(part.Kind, "kind", part) && part.Kind == PartKind.Text)
            {
                _ = Require(part.Key, "key", part) && Require(part.Blocks, "blocks", part) && Require(part.Address, "address", part);
            }

            if (part.Kind == PartKind.Evaluations)
            {
                _ = Require(part.Key, "key", part) && Require(part.Evaluation, "evaluation", part);
            }

            if (part.Kind == PartKind.Form)
            {
                _ = Require(part.Key, "key", part) && Require(part.Form, "form", part);
            }

            if (part.Each is not (null or "projects"))
            {
                Refuse(PackRule.TermUnknown, part.Place, part.Each, "projects");
            }

            foreach (var id in (part.Tables ?? []).Where(id => files.Tables.TrueForAll(t => t.Id != id)))
            {
                Refuse(PackRule.TermUnknown, part.Place, id, string.Join('、', files.Tables.Select(t => t.Id)));
            }
        }
    }

    private void Quantities()
    {
        foreach (var (name, quantity) in files.Quantities)
        {
            if ((quantity.Measures is null) == (quantity.Sum is null))
            {
                Refuse(PackRule.QuantityShape, quantity.Place, name);
                continue;
            }

            quantity.Measures?.ForEach(m => Term<Measure>(m, quantity.Place));
            quantity.Funds?.ForEach(f => Term<Fund>(f, quantity.Place));
            Term<SpendingKind>(quantity.Kind, quantity.Place);
            Term<IncomeSource>(quantity.Source, quantity.Place);
            Code(quantity.Function, FunctionCode.IsValid, quantity);
            quantity.Economics?.ForEach(e => Code(e, EconomicCode.IsValid, quantity));
            quantity.Sum?.ForEach(part => Name(part.TrimStart('-'), quantity));
            Circle(name, quantity, [name]);
        }
    }

    private void Circle(string start, QuantityFile quantity, HashSet<string> seen)
    {
        foreach (var part in (quantity.Sum ?? []).Select(p => p.TrimStart('-')))
        {
            if (part == start)
            {
                Refuse(PackRule.QuantityCycle, files.Quantities[start].Place, start);
            }
            else if (seen.Add(part) && files.Quantities.TryGetValue(part, out var next))
            {
                Circle(start, next, seen);
            }
        }
    }

    private void Table(TableFile table)
    {
        if (!(Require(table.Id, "id", table) && Require(table.Title, "title", table) && Require(table.Shape, "shape", table)
            && Require(table.Widths, "widths", table) && Require(table.Sections, "sections", table)))
        {
            return;
        }

        if (table.Format is { } format)
        {
            Format(format, table.Place);
        }

        foreach (var section in table.Sections!)
        {
            Section(table, section);
        }

        foreach (var total in table.Footer ?? [])
        {
            _ = Require(total.Name, "name", total) && Require(total.Quantity, "quantity", total)
                && Require(total.NameSpan, "nameSpan", total) && Require(total.AmountSpan, "amountSpan", total);
            Name(total.Quantity, total);
        }

        var drawn = table.Sections.Sum(s => s.Stub.Count + s.Columns.Count);
        if (table.Widths!.Count != drawn)
        {
            Refuse(PackRule.WidthsCount, table.Place, table.Widths.Count, drawn);
        }

        if (table.Statistics is { } statistics && Require(statistics.Columns, "columns", statistics) && Require(statistics.Rows, "rows", statistics))
        {
            Statistics(statistics, drawn);
        }
    }

    private void Statistics(TableStatisticsFile statistics, int drawn)
    {
        var needed = 2 * (statistics.PerRow ?? 1);
        if (statistics.Columns!.Count != 2 || needed is < 2 || needed > drawn)
        {
            Refuse(PackRule.StatisticsShape, statistics.Place, needed, drawn);
        }

        foreach (var row in statistics.Rows!)
        {
            _ = Require(row.Name, "name", row) && Require(row.Quantity, "quantity", row);
            Name(row.Quantity, row);
        }
    }

    private void Section(TableFile table, SectionFile section)
    {
        var columns = section.Columns.Select(c => c.Path).ToHashSet();
        foreach (var column in section.Columns)
        {
            Require(column.Path, "path", column);
            Term<Fund>(column.Fund, column.Place);
            Name(column.Quantity, column);
            if (table.Shape is TableShape.Functions or TableShape.SingleRow)
            {
                Require(column.Quantity, "quantity", column);
            }
        }

        Name(section.Quantity, section);
        if (table.Shape == TableShape.Economics)
        {
            Require(section.Quantity, "quantity", section);
        }

        section.Codes.ForEach(code => Code(code, table.Shape == TableShape.Economics ? EconomicCode.IsValid : FunctionCode.IsValid, section));
        section.Levels?.Where(level => level is not ("class" or "section" or "item")).ToList()
            .ForEach(level => Refuse(PackRule.TermUnknown, section.Place, level, "class、section、item"));
        foreach (var row in section.Rows)
        {
            Code(row.Function, FunctionCode.IsValid, row);
            row.Classes?.ForEach(code => Code(code, FunctionCode.IsValid, row));
            foreach (var column in section.Columns.Where(c => row.Quantity is not null && c.Suffix is not null))
            {
                Name(row.Quantity + column.Suffix, row);
            }

            Name(row.Quantity, row);
            Name(row.Projects, row);
            foreach (var column in section.Columns.Where(c => row.Projects is not null && c.Suffix is not null))
            {
                Name(row.Projects + column.Suffix, row);
            }

            foreach (var quantity in row.Quantities?.Values ?? Enumerable.Empty<string>())
            {
                Name(quantity, row);
            }

            var named = (row.Quantities?.Keys ?? Enumerable.Empty<string>()).Concat(row.Texts?.Keys ?? Enumerable.Empty<string>()).Concat(row.Zero?.Columns ?? []);
            foreach (var column in named.Where(c => !columns.Contains(c)))
            {
                Refuse(PackRule.ColumnUnknown, row.Place, column);
            }
        }
    }

    private void Texts()
    {
        foreach (var blocks in files.Texts.Values)
        {
            Repeated(blocks, b => b.Id);
            foreach (var block in blocks)
            {
                _ = Require(block.Id, "id", block) && Require(block.Heading, "heading", block) && Require(block.Level, "level", block);
                if (block.Each is { } each)
                {
                    Each(each);
                }
            }
        }
    }

    private void Form(FormFile form)
    {
        if (!(Require(form.Id, "id", form) && Require(form.Title, "title", form) && Require(form.Widths, "widths", form) && Require(form.Sections, "sections", form)))
        {
            return;
        }

        foreach (var section in form.Sections!)
        {
            Require(section.Label, "label", section);
            if (new object?[] { section.Fields, section.Lines, section.Text }.Count(part => part is not null) != 1 || section.ColumnCount == 0)
            {
                Refuse(PackRule.FormSectionShape, section.Place, section.Label?.Text ?? "");
            }

            section.Fields?.ForEach(field => Require(field.Name, "name", field));
            if (section.Lines is { } lines)
            {
                Section(new() { Shape = TableShape.Lines, Place = lines.Place }, new() { Columns = lines.Columns, Rows = lines.Rows, Place = lines.Place });
                Format(lines.Format, lines);
            }
        }

        Repeated(form.Sections, s => s.Key);
        var drawn = form.LabelColumns + form.FieldColumns;
        if (form.Widths!.Count != drawn)
        {
            Refuse(PackRule.WidthsCount, form.Place, form.Widths.Count, drawn);
        }
    }

    private void Scoring()
    {
        var scoring = files.Scoring;
        if (scoring.Execution is { } execution && Require(execution.Executed, "executed", execution) && Require(execution.Budget, "budget", execution))
        {
            Name(execution.Executed, execution);
            Name(execution.Budget, execution);
        }

        if (scoring.Decimals is < 0 or > 2)
        {
            Refuse(PackRule.TermUnknown, scoring.Place, scoring.Decimals, "0、1、2");
        }

        Term<IndicatorScoring>(scoring.Numeric, scoring.Place);
        foreach (var sign in (scoring.Comparisons?.Values ?? Enumerable.Empty<string>()).Where(s => s is not ("≥" or "≤")))
        {
            Refuse(PackRule.TermUnknown, scoring.Place, sign, "≥、≤");
        }

        foreach (var band in scoring.Graded ?? [])
        {
            if (Require(band.Words, "words", band) && Require(band.Share, "share", band)
                && (band.Share is < 0 or > 100 || band.Least is < 0 || band.Least > band.Share))
            {
                Refuse(PackRule.TermUnknown, band.Place, $"{band.Least}—{band.Share}", "0 ≤ least ≤ share ≤ 100");
            }
        }

        foreach (var grade in scoring.Grades ?? [])
        {
            if (Require(grade.Words, "words", grade) && Require(grade.From, "from", grade) && (grade.Words!.Count == 0 || grade.From is < 0 or > 100))
            {
                Refuse(PackRule.TermUnknown, grade.Place, grade.From!, "0—100");
            }
        }
    }

    private void Evaluation(EvaluationFile form)
    {
        if (!(Require(form.Of, "of", form) && Require(form.Title, "title", form) && Require(form.Widths, "widths", form)
            && Require(form.Funds, "funds", form) && Require(form.Goals, "goals", form) && Require(form.Indicators, "indicators", form)
            && Require(form.Total, "total", form)))
        {
            return;
        }

        foreach (var head in (form.Heads ?? []).SelectMany(row => row))
        {
            _ = Require(head.Label, "label", head) && Require(head.Text, "text", head);
        }

        _ = Require(form.Goals!.Label, "label", form.Goals) && Require(form.Goals.Expected, "expected", form.Goals) && Require(form.Goals.Actual, "actual", form.Goals);
        _ = Require(form.Total!.Label, "label", form.Total) && Require(form.Total.Of, "of", form.Total);
        EvaluationFunds(form.Funds!);
        foreach (var split in form.Splits ?? [])
        {
            _ = Require(split.Label, "label", split) && Require(split.Rows, "rows", split);
            foreach (var row in split.Rows ?? [])
            {
                Require(row.Name, "name", row);
                Name(row.Quantity, row);
                Format(row.Format, row);
            }
        }

        var heads = form.Indicators!.Columns;
        if (!(Require(form.Indicators.Label, "label", form.Indicators) && Require(heads, "columns", form.Indicators)))
        {
            return;
        }

        if (heads!.Count != EvaluationIndicatorsFile.ColumnCount)
        {
            Refuse(PackRule.WidthsCount, form.Indicators.Place, heads.Count, EvaluationIndicatorsFile.ColumnCount);
        }

        if (form.Widths!.Count != heads.Count + 1)
        {
            Refuse(PackRule.WidthsCount, form.Place, form.Widths.Count, heads.Count + 1);
        }

        if (form.Funds!.Columns is { } money && money.Count >= heads.Count)
        {
            Refuse(PackRule.WidthsCount, form.Funds.Place, money.Count, heads.Count - 1);
        }
    }

    private void EvaluationFunds(EvaluationFundsFile funds)
    {
        if (!(Require(funds.Label, "label", funds) && Require(funds.Columns, "columns", funds) && Require(funds.Rows, "rows", funds)))
        {
            return;
        }

        Format(funds.Format, funds);
        Format(funds.RateFormat, funds);
        funds.Columns!.ForEach(c => Require(c.Name, "name", c));
        var columns = funds.Columns.Select(c => c.Name).ToHashSet();
        if (funds.Columns.Exists(c => c.Role == EvaluationColumnRole.Rate) && Require(funds.Rate, "rate", funds) && funds.Rate!.Count != 2)
        {
            Refuse(PackRule.WidthsCount, funds.Place, funds.Rate.Count, 2);
        }

        Columns(funds.Rate, funds);
        foreach (var row in funds.Rows!)
        {
            Require(row.Name, "name", row);
            foreach (var quantity in row.Quantities?.Values ?? Enumerable.Empty<string>())
            {
                Name(quantity, row);
            }

            Columns(row.Quantities?.Keys, row);
            Columns(row.Texts?.Keys, row);
            Columns(row.Filled, row);
            Columns(row.Alone, row);
            Columns(row.Zero?.Columns, row);
        }

        void Columns(IEnumerable<string>? named, Placed at)
        {
            foreach (var column in (named ?? []).Where(c => !columns.Contains(c)))
            {
                Refuse(PackRule.ColumnUnknown, at.Place, column);
            }
        }
    }

    private void Each(EachFile each)
    {
        if (each.Numbered is { } text)
        {
            if (!TextRenderer.WrittenTexts.Contains(text))
            {
                Refuse(PackRule.TermUnknown, each.Place, text, string.Join('、', TextRenderer.WrittenTexts));
            }
        }
        else if (each.Projects is null)
        {
            _ = Require(each.Level, "level", each) && Require(each.Quantities, "quantities", each);
        }

        if (each.Level is { } level and not ("class" or "section" or "item"))
        {
            Refuse(PackRule.TermUnknown, each.Place, level, "class、section、item");
        }

        foreach (var quantity in (each.Quantities ?? []).Concat(each.Projects ?? []))
        {
            Name(quantity, each);
        }
    }

    private void Glossary()
    {
        Repeated(files.Glossary, g => g.Term);
        foreach (var entry in files.Glossary)
        {
            _ = Require(entry.Term, "term", entry) && Require(entry.Definition, "definition", entry);
        }
    }

    private void Format(string? format, Placed at)
    {
        if (format is not null)
        {
            Format(format, at.Place);
        }
    }

    private void Format(string format, PackPlace place)
    {
        if (!(files.Pack.Formats?.ContainsKey(format) ?? false))
        {
            Refuse(PackRule.FormatUnknown, place, format, string.Join('、', files.Pack.Formats?.Keys.Order(StringComparer.Ordinal).ToArray() ?? []));
        }
    }

    private void Comparisons()
    {
        foreach (var comparison in files.Pack.Comparisons?.Values ?? Enumerable.Empty<ComparisonFile>())
        {
            if (Require(comparison.Base, "base", comparison) && !comparison.Base!.Contains("{}", StringComparison.Ordinal))
            {
                Refuse(PackRule.ComparisonBase, comparison.Place, comparison.Base);
            }

            Name(comparison.Of, comparison);
            Name(comparison.Against, comparison);
        }
    }

    private void Templates()
    {
        var names = TemplateNames.Of(files.Partials, files.Templates);
        foreach (var (quantity, place) in names.Quantities.Where(q => !Knows(q.Name)))
        {
            Refuse(PackRule.QuantityUnknown, place, quantity);
        }

        names.Formats.ForEach(f => Format(f.Name, f.Place));
        names.Funds.ForEach(f => Term<Fund>(f.Name, f.Place));
        names.Kinds.ForEach(f => Term<SpendingKind>(f.Name, f.Place));
        names.Sources.ForEach(f => Term<IncomeSource>(f.Name, f.Place));
    }
}
