using FinalAccounts.Ledger;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Statistics;

namespace FinalAccounts.Import;

/// <summary>
/// Reads a department's year from a folder of lists or from one workbook with a sheet each, and checks everything that the
/// files show by themselves. Nothing is stored; either all is well or there are errors, each with its file, line and column.
/// </summary>
public static class BooksReader
{
    private static readonly IReadOnlyList<string> ListExtensions = [".csv", ".yaml", ".yml", ".xlsx", ".xls"];

    /// <summary>What may lie beside the lists and is none: known differences from a published document (docs/fidelity.md).</summary>
    private const string DifferencesFile = "differences.yaml";

    /// <summary>Reads a folder or an .xlsx file.</summary>
    /// <param name="standardsOf">The amounts that a form pack fixes, by its name; null for an unknown form pack.</param>
    public static ReadResult Read(string path, Func<string, IReadOnlyList<Statistic>?> standardsOf)
    {
        var errors = new ImportErrors();
        var tables = Directory.Exists(path) ? ReadFolder(path, errors) : ReadWorkbook(path, errors);
        var books = Assemble(tables, standardsOf, errors, Path.GetFileName(Path.TrimEndingDirectorySeparator(path)));
        return new(errors.Any ? null : books, errors);
    }

    private static List<Table> ReadFolder(string folder, ImportErrors errors)
    {
        var tables = new List<Table>();
        foreach (var format in BookFormats.All.Where(f => f.Extension.Length > 0))
        {
            var file = Path.Combine(folder, format.FileName);
            if (!File.Exists(file))
            {
                continue;
            }

            if (ReadBytes(file, format.FileName, errors) is { } bytes)
            {
                tables.AddRange(ReadList(bytes, format, errors));
            }
        }

        // A list under a misspelt name would be lost in silence.
        var known = BookFormats.All.Where(f => f.Extension.Length > 0).Select(f => f.FileName).ToList();
        foreach (var stray in FileNames(folder, errors))
        {
            if (ListExtensions.Contains(Path.GetExtension(stray).ToLowerInvariant()) && !known.Contains(stray) && stray != DifferencesFile)
            {
                errors.Add(ImportRule.FileUnknown, stray, null, null, null, string.Join("、", known));
            }
        }

        return tables;
    }

    private static IReadOnlyList<string> FileNames(string folder, ImportErrors errors)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(ImportRule.FileUnreadable, folder, null, null, null, e.Message);
            return [];
        }
    }

    private static IEnumerable<Table> ReadList(byte[] bytes, ListFormat format, ImportErrors errors)
    {
        var marks = format.Extension == "yaml"
            ? [.. format.Columns.Select(c => c.Name), .. DepartmentBook.Keys, .. PerformanceBook.Keys]
            : format.Columns.Select(c => c.Name).ToList();
        if (TextFile.Decode(bytes, format.FileName, marks, errors) is not { } text)
        {
            return [];
        }

        if (format.Extension == "yaml")
        {
            return YamlList.Read(text, format, format.FileName, errors);
        }

        return CsvList.Read(text, format, format.FileName, errors) is { } table ? [table] : [];
    }

    private static IReadOnlyList<Table> ReadWorkbook(string path, ImportErrors errors)
    {
        var name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            errors.Add(ImportRule.FileMissing, name);
            return [];
        }

        if (ReadBytes(path, name, errors) is not { } bytes)
        {
            return [];
        }

        if (bytes is not [(byte)'P', (byte)'K', ..])
        {
            errors.Add(ImportRule.WorkbookBroken, name);
            return [];
        }

        return Workbook.Read(bytes, name, errors);
    }

    private static byte[]? ReadBytes(string path, string name, ImportErrors errors)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > ImportLimits.FileBytes)
            {
                errors.Add(ImportRule.FileTooLarge, name, null, null, null, $"{length / 1024 / 1024}", $"{ImportLimits.FileBytes / 1024 / 1024}");
                return null;
            }

            if (length == 0)
            {
                errors.Add(ImportRule.FileEmpty, name);
                return null;
            }

            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(ImportRule.FileUnreadable, name, null, null, null, e.Message);
            return null;
        }
    }

    private static Books? Assemble(
        IReadOnlyList<Table> tables, Func<string, IReadOnlyList<Statistic>?> standardsOf, ImportErrors errors, string source)
    {
        // What could not be read at all is reported already; a list is missing only when there is no trace of it.
        if (!errors.Any)
        {
            foreach (var format in BookFormats.All.Where(f => f.Required && Find(f) == null))
            {
                errors.Add(ImportRule.FileMissing, source, null, null, null, format.FileName, format.SheetName);
            }
        }

        var department = Find(BookFormats.Department) is { } table ? DepartmentBook.Read(table, errors) : null;
        if (department == null)
        {
            return null;
        }

        var year = department.Year;
        if (!ChartOfAccounts.TryFor(year, out var chart))
        {
            errors.Add(ImportRule.ChartMissing, BookFormats.Department.FileName, null, null, $"{year}",
                $"{year}", string.Join("、", ChartOfAccounts.Years));
        }

        var standards = standardsOf(department.FormPack);
        if (standards == null)
        {
            errors.Add(ImportRule.FormPackUnknown, department.FormPackRow.File, department.FormPackRow.Line, department.FormPackRow[BookFormats.Key], department.FormPack);
        }

        var balances = Find(BookFormats.Balances) is { } b ? BalanceBook.Read(b, year, chart, errors) : BalanceBook.Empty;
        var budget = Read(BookFormats.Budget, t => BudgetBook.Read(t, year, chart, errors));
        var income = Read(BookFormats.Income, t => VoucherBook.ReadIncome(t, year, chart, errors));
        var expenditure = Read(BookFormats.Expenditure, t => VoucherBook.ReadExpenditure(t, year, chart, errors));
        var statistics = Read(BookFormats.Statistics, t => ReportBook.ReadStatistics(t, year, errors) is { } entry ? [entry] : []);
        var performance = PerformanceBook.Read(Find(BookFormats.Performance), Find(BookFormats.Indicators), year, errors).ToList();
        var explanations = Read(BookFormats.Explanations, t => ReportBook.ReadExplanations(t, year, errors));
        var comparatives = Read(BookFormats.Comparatives, t => ReportBook.ReadComparatives(t, year, errors));

        DocumentRows.RefuseSharedNumbers(
            budget.Concat(balances.Entries.Where(e => e.Rows.Row[BookFormats.DocumentNumber].Length > 0)).Select(e => (e.Rows.Row[BookFormats.DocumentNumber], e.Rows.Row)),
            BookFormats.DocumentNumber, errors);
        DocumentRows.RefuseSharedNumbers(
            income.Concat(expenditure).Select(e => (e.Rows.Row[BookFormats.Voucher], e.Rows.Row)), BookFormats.Voucher, errors);
        if (errors.Any || chart == null || standards == null)
        {
            return null;
        }

        var opening = new OpenFiscalYear(
            year.FirstDay, department.Code, year, department.FormPack, department.Overspending, balances.Opening, standards);
        var entries = (IEnumerable<BookEntry<YearCommand>>)
        [
            new(opening, department.FormPackRow, balances.OpeningRows),
            .. department.Members is { } members ? [members] : Array.Empty<BookEntry<YearCommand>>(),
            .. budget, .. income, .. expenditure, .. balances.Entries, .. statistics, .. performance, .. explanations, .. comparatives,
        ];
        return new(department.Region, department.Code, year, department.FormPack, department.Entries, BookOrder.Sort(entries), chart,
            [.. BookFormats.All.Where(f => f.Extension.Length > 0 && Find(f) == null).Select(f => f.FileName)]);

        Table? Find(ListFormat format) => tables.FirstOrDefault(t => t.Format == format);

        List<BookEntry<YearCommand>> Read(ListFormat format, Func<Table, IEnumerable<BookEntry<YearCommand>>> read) => Find(format) is { } found ? [.. read(found)] : [];
    }
}
