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
    /// <param name="progress">Told how far it is with large lists.</param>
    public static ReadResult Read(string path, Func<string, IReadOnlyList<Statistic>?> standardsOf, IProgress<ImportProgress>? progress = null)
    {
        var errors = new ImportErrors();
        var lists = Directory.Exists(path) ? ReadFolder(path, errors) : ReadWorkbook(path, errors);
        try
        {
            var books = Assemble(lists, standardsOf, errors, Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), progress);
            return new(errors.Any ? null : books, errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A list of vouchers is read more than once.
            errors.Add(ImportRule.FileUnreadable, Path.GetFileName(path), null, null, null, e.Message);
            return new(null, errors);
        }
    }

    private static Lists ReadFolder(string folder, ImportErrors errors)
    {
        var lists = new Lists([], []);
        foreach (var format in BookFormats.All.Where(f => f.Extension.Length > 0))
        {
            var file = Path.Combine(folder, format.FileName);
            if (!File.Exists(file))
            {
                continue;
            }

            if (IsVouchers(format))
            {
                if (ReadVouchers(file, format, errors) is { } vouchers)
                {
                    lists.Vouchers.Add(format, vouchers);
                }
            }
            else if (ReadBytes(file, format.FileName, errors) is { } bytes)
            {
                lists.Tables.AddRange(ReadList(bytes, format, errors));
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

        return lists;
    }

    private static bool IsVouchers(ListFormat format) => format == BookFormats.Income || format == BookFormats.Expenditure;

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
        if (format.Extension == "yaml")
        {
            string[] marks = [.. format.Columns.Select(c => c.Name), .. DepartmentBook.Keys, .. PerformanceBook.Keys];
            return TextFile.Decode(bytes, format.FileName, marks, errors) is { } yaml ? YamlList.Read(yaml, format, format.FileName, errors) : [];
        }

        using var content = new MemoryStream(bytes, writable: false);
        return TextFile.Detect(content, format.FileName, [.. format.Columns.Select(c => c.Name)], errors) is { } text
            && CsvList.Read(content, text, format, format.FileName, errors) is { } table ? [table] : [];
    }

    /// <summary>Opens a list of vouchers, which may be large.</summary>
    private static CsvVoucherRows? ReadVouchers(string path, ListFormat format, ImportErrors errors)
    {
        try
        {
            return IsReadable(path, format.FileName, ImportLimits.VoucherFileBytes, errors) ? CsvVoucherRows.Find(path, format, format.FileName, errors) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(ImportRule.FileUnreadable, format.FileName, null, null, null, e.Message);
            return null;
        }
    }

    private static Lists ReadWorkbook(string path, ImportErrors errors)
    {
        var name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            errors.Add(ImportRule.FileMissing, name);
            return new([], []);
        }

        if (ReadBytes(path, name, errors) is not { } bytes)
        {
            return new([], []);
        }

        if (bytes is not [(byte)'P', (byte)'K', ..])
        {
            errors.Add(ImportRule.WorkbookBroken, name);
            return new([], []);
        }

        var tables = Workbook.Read(bytes, name, errors);
        return new(
            [.. tables.Where(t => !IsVouchers(t.Format))],
            tables.Where(t => IsVouchers(t.Format)).ToDictionary(t => t.Format, IVoucherRows (t) => new HeldVoucherRows(t)));
    }

    private static byte[]? ReadBytes(string path, string name, ImportErrors errors)
    {
        try
        {
            return IsReadable(path, name, ImportLimits.FileBytes, errors) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(ImportRule.FileUnreadable, name, null, null, null, e.Message);
            return null;
        }
    }

    /// <summary>Neither too large nor empty.</summary>
    private static bool IsReadable(string path, string name, int limit, ImportErrors errors)
    {
        var length = new FileInfo(path).Length;
        if (length > limit)
        {
            errors.Add(ImportRule.FileTooLarge, name, null, null, null, $"{length / 1024 / 1024}", $"{limit / 1024 / 1024}");
        }
        else if (length == 0)
        {
            errors.Add(ImportRule.FileEmpty, name);
        }

        return length > 0 && length <= limit;
    }

    private static Books? Assemble(
        Lists lists, Func<string, IReadOnlyList<Statistic>?> standardsOf, ImportErrors errors, string source, IProgress<ImportProgress>? progress)
    {
        // What could not be read at all is reported already; a list is missing only when there is no trace of it.
        if (!errors.Any)
        {
            foreach (var format in BookFormats.All.Where(f => f.Required && !Has(f)))
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
        var vouchers = ReadVouchers(lists.Vouchers, year, chart, errors, progress);
        var statistics = Read(BookFormats.Statistics, t => ReportBook.ReadStatistics(t, year, errors) is { } entry ? [entry] : []);
        var performance = PerformanceBook.Read(Find(BookFormats.Performance), Find(BookFormats.Indicators), year, errors).ToList();
        var explanations = Read(BookFormats.Explanations, t => ReportBook.ReadExplanations(t, year, errors));
        var comparatives = Read(BookFormats.Comparatives, t => ReportBook.ReadComparatives(t, year, errors));

        DocumentNumbers.RefuseShared(
            budget.Concat(balances.Entries).Select(e => e.Rows.Row).Where(r => r[BookFormats.DocumentNumber].Length > 0), BookFormats.DocumentNumber, errors);
        if (vouchers is [var income, var expenditure])
        {
            expenditure.RefuseNumbersOf(income, errors);
        }

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
            .. budget, .. balances.Entries, .. statistics, .. performance, .. explanations, .. comparatives,
        ];
        foreach (var list in vouchers)
        {
            list.Order();
        }

        if (vouchers.Sum(v => v.Count) > ImportLimits.Rows)
        {
            // The indexes of the check are as large as what deciding needs next, and the collector would let both stand beside each other.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        return new(department.Region, department.Code, year, department.FormPack, department.Entries, new(BookOrder.Sort(entries), vouchers), chart,
            [.. BookFormats.All.Where(f => f.Extension.Length > 0 && !Has(f)).Select(f => f.FileName)]);

        Table? Find(ListFormat format) => lists.Tables.FirstOrDefault(t => t.Format == format);

        bool Has(ListFormat format) => Find(format) != null || lists.Vouchers.ContainsKey(format);

        List<BookEntry<YearCommand>> Read(ListFormat format, Func<Table, IEnumerable<BookEntry<YearCommand>>> read) => Find(format) is { } found ? [.. read(found)] : [];
    }

    /// <summary>Goes through the lists of vouchers.</summary>
    private static List<VoucherList> ReadVouchers(
        Dictionary<ListFormat, IVoucherRows> found, FiscalYear year, ChartOfAccounts? chart, ImportErrors errors, IProgress<ImportProgress>? progress)
    {
        List<VoucherList> vouchers = [];
        if (found.GetValueOrDefault(BookFormats.Income) is { } income)
        {
            vouchers.Add(VoucherBook.Income(income, year, chart));
        }

        if (found.GetValueOrDefault(BookFormats.Expenditure) is { } expenditure)
        {
            vouchers.Add(VoucherBook.Expenditure(expenditure, year, chart));
        }

        var (total, before, rowsBefore) = (vouchers.Sum(v => v.Length), 0L, 0L);
        foreach (var list in vouchers)
        {
            var rows = 0;
            list.Check(errors, (done, count) =>
            {
                rows = count;
                progress?.Report(new(ImportStep.Reading, before + done, total, rowsBefore + count));
            });
            (before, rowsBefore) = (before + list.Length, rowsBefore + rows);
        }

        return vouchers;
    }

    /// <summary>The lists that were found: those that are held, and those of vouchers.</summary>
    private sealed record Lists(List<Table> Tables, Dictionary<ListFormat, IVoucherRows> Vouchers);
}
