using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using NodaTime;

namespace FinalAccounts.Import;

/// <summary>What department.yaml, or the sheet 单位, says.</summary>
internal sealed record DepartmentBook(
    RegionCode Region,
    DepartmentCode Code,
    FiscalYear Year,
    string FormPack,
    OverspendingPolicy Overspending,
    TableRow FormPackRow,
    IReadOnlyList<BookEntry<DepartmentCommand>> Entries,
    BookEntry<YearCommand>? Members)
{
    private const string RegionCodeKey = "地区代码";
    private const string RegionNameKey = "地区名称";
    private const string CodeKey = "单位代码";
    private const string NameKey = "单位名称";
    private const string RegisteredKey = "登记日期";
    private const string YearKey = "年度";
    private const string FormPackKey = "报表格式";
    private const string OverspendingKey = "超预算支出";
    private const string ProfileDateKey = "概况日期";
    private const string SelfNameKey = "自称";
    private const string DutiesKey = "部门职责";
    private const string ApprovedKey = "编制人数";
    private const string InServiceKey = "在职人数";
    private const string RetiredKey = "退休人数";
    private const string RankKey = "机构级别";
    private const string OfficesKey = "内设机构";
    private const string SubordinatesKey = "所属单位";
    private const string AttachmentsKey = "附件";
    private const string MembersKey = "汇总单位";

    /// <summary>Keys that have any number of values.</summary>
    private static readonly IReadOnlyList<string> ListKeys = [DutiesKey, OfficesKey, SubordinatesKey, AttachmentsKey, MembersKey];

    /// <summary>All keys.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        RegionCodeKey, RegionNameKey, CodeKey, NameKey, RegisteredKey, YearKey, FormPackKey, OverspendingKey, ProfileDateKey,
        SelfNameKey, DutiesKey, ApprovedKey, InServiceKey, RetiredKey, RankKey, OfficesKey, SubordinatesKey, AttachmentsKey,
        MembersKey,
    ];

    /// <summary>The book; null when an error was added.</summary>
    public static DepartmentBook? Read(Table table, ImportErrors errors)
    {
        var before = errors.Count;
        var values = KeyedRows.Read(table, Keys, ListKeys, errors);

        var region = values.Parse(RegionCodeKey, RegionCode.IsValid, text => new RegionCode(text), ImportRule.CodeMalformed, "6");
        var code = values.Parse(CodeKey, DepartmentCode.IsValid, text => new DepartmentCode(text), ImportRule.CodeMalformed, "3–20");
        var year = values.Parse(YearKey, IsYear, text => new FiscalYear(Number(text)), ImportRule.YearInvalid, $"{FiscalYear.First}", $"{FiscalYear.Last}");
        var overspending = values.Row(OverspendingKey)?.Term<OverspendingPolicy>(BookFormats.Content) ?? default;
        var name = values.Text(NameKey);
        var regionName = values.Text(RegionNameKey);
        var formPack = values.Text(FormPackKey);
        var registered = values.Date(RegisteredKey, null);
        var profileDate = values.Date(ProfileDateKey, null);
        var selfName = values.Text(SelfNameKey);
        var headcount = new Headcount(values.OptionalCount(ApprovedKey), values.Count(InServiceKey), values.OptionalCount(RetiredKey));
        var memberRows = values.Rows(MembersKey);
        var members = memberRows.Select(row => row.OptionalDepartment(BookFormats.Content)).OfType<DepartmentCode>().ToList();
        if (errors.Count > before)
        {
            return null;
        }

        var registration = new RegisterDepartment(registered, code, name, regionName);
        var profile = new ReviseProfile(profileDate, selfName, values.Texts(DutiesKey), headcount, values.Optional(RankKey),
            values.Texts(OfficesKey), values.Texts(SubordinatesKey), values.Texts(AttachmentsKey));
        return new(region, code, year, formPack, overspending, values.Row(FormPackKey)!.Row,
        [
            new(registration, values.Row(CodeKey)!.Row, []),
            new(profile, values.Row(SelfNameKey)!.Row, []),
        ],
        members.Count == 0 ? null : new(new DetermineMembers(year.FirstDay, members), memberRows[0].Row, [.. memberRows.Select(r => r.Row)]));
    }

    private static bool IsYear(string text) =>
        text.Length == 4 && text.All(char.IsAsciiDigit) && Number(text) is >= FiscalYear.First and <= FiscalYear.Last;

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}

/// <summary>Rows of a key and its value; a list has a row for each element.</summary>
internal sealed class KeyedRows
{
    private readonly ILookup<string, RowReader> rows;
    private readonly string file;
    private readonly int? line;
    private readonly ImportErrors errors;

    private KeyedRows(IEnumerable<RowReader> rows, string file, int? line, ImportErrors errors)
    {
        this.rows = rows.ToLookup(row => row.Row[BookFormats.Key]);
        this.file = file;
        this.line = line;
        this.errors = errors;
    }

    public static KeyedRows Read(Table table, IReadOnlyList<string> keys, IReadOnlyList<string> listKeys, ImportErrors errors) =>
        Read(table.Rows, table.File, null, keys, listKeys, errors);

    /// <param name="line">Where a missing key is reported; null for the file as a whole.</param>
    public static KeyedRows Read(
        IEnumerable<TableRow> rows, string file, int? line, IReadOnlyList<string> keys, IReadOnlyList<string> listKeys, ImportErrors errors)
    {
        var known = new List<RowReader>();
        var seen = new HashSet<string>();
        foreach (var row in rows.Select(row => new RowReader(row, errors)))
        {
            var key = row.Text(BookFormats.Key);
            if (key.Length > 0 && !keys.Contains(key))
            {
                row.Fail(ImportRule.YamlKeyUnknown, BookFormats.Key, string.Join("、", keys));
            }
            else if (!seen.Add(key) && !listKeys.Contains(key))
            {
                errors.Add(ImportRule.ValueRepeated, row.Row.File, row.Row.Line, key, row.Row[BookFormats.Content]);
            }
            else
            {
                known.Add(row);
            }
        }

        return new(known, file, line, errors);
    }

    public bool Has(string key) => Optional(key) != null;

    /// <summary>The only row of a key; null and an error when there is none.</summary>
    public RowReader? Row(string key)
    {
        var row = rows[key].FirstOrDefault(row => row.Row[BookFormats.Content].Length > 0);
        if (row == null)
        {
            errors.Add(ImportRule.ValueMissing, file, rows[key].FirstOrDefault()?.Row.Line ?? line, key);
        }

        return row;
    }

    public string Text(string key) => Row(key)?.Row[BookFormats.Content] ?? "";

    public string? Optional(string key) => rows[key].Select(row => row.Optional(BookFormats.Content)).FirstOrDefault();

    /// <summary>The rows of a list that say something.</summary>
    public IReadOnlyList<RowReader> Rows(string key) => [.. rows[key].Where(row => row.Optional(BookFormats.Content) is not null)];

    public IReadOnlyList<string> Texts(string key) => [.. rows[key].Select(row => row.Optional(BookFormats.Content)).OfType<string>()];

    public LocalDate Date(string key, FiscalYear? year) => Row(key)?.Date(BookFormats.Content, year) ?? default;

    public LocalDate ReportDate(string key, FiscalYear year) => Row(key)?.ReportDate(BookFormats.Content, year) ?? default;

    public int Points(string key) => Row(key)?.Points(BookFormats.Content) ?? 0;

    /// <summary>A whole number of at most 10⁷; null when the key is missing.</summary>
    public int? OptionalCount(string key) => Has(key) ? Count(key) : null;

    public int? OptionalPoints(string key) => Has(key) ? Points(key) : null;

    /// <summary>The first row of each key that is filled in, by the name that the key has in a command.</summary>
    public IReadOnlyDictionary<string, TableRow> Places(params IReadOnlyList<(string Member, string Key)> members) => members
        .Where(m => Has(m.Key))
        .ToDictionary(m => m.Member, m => rows[m.Key].First(row => row.Row[BookFormats.Content].Length > 0).Row, StringComparer.Ordinal);

    /// <summary>A whole number of at most 10⁷; 0 and an error when the key is missing.</summary>
    public int Count(string key)
    {
        if (Row(key) is not { } row)
        {
            return 0;
        }

        var number = row.WholeNumber(BookFormats.Content);
        if (number > 10_000_000)
        {
            row.Fail(ImportRule.NotAWholeNumber, BookFormats.Content);
        }

        return (int)Math.Min(number, 10_000_000);
    }

    public T Parse<T>(string key, Func<string, bool> isValid, Func<string, T> parse, ImportRule rule, params IReadOnlyList<string> arguments)
        where T : struct
    {
        if (Row(key) is not { } row)
        {
            return default;
        }

        var text = row.Row[BookFormats.Content];
        if (isValid(text))
        {
            return parse(text);
        }

        row.Fail(rule, BookFormats.Content, arguments);
        return default;
    }
}
