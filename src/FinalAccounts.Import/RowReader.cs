using System.Globalization;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.Import;

/// <summary>What an amount's sign may be.</summary>
internal enum Sign
{
    Positive,
    NotNegative,
    NotZero,
    Negative,
}

/// <summary>
/// Reads the cells of one row. Every broken cell becomes an error with its place, and the reader goes on with a default, so
/// that all of a row's errors are found at once; a row that has <see cref="Failed"/> must not be used.
/// </summary>
internal sealed class RowReader(TableRow row, ImportErrors errors)
{
    public TableRow Row { get; } = row;

    public bool Failed { get; private set; }

    public void Fail(ImportRule rule, string? column, params IReadOnlyList<string> arguments)
    {
        Failed = true;

        // A row of a key and its content is known to the clerk by its key.
        var shown = column == BookFormats.Content && Row.Find(BookFormats.Key) is { Length: > 0 } key ? key : column;
        errors.Add(rule, Row.File, Row.Line, shown, Row.Find(column), arguments);
    }

    /// <summary>The cell's text, or null when it is empty.</summary>
    public string? Optional(string column) => Row[column] is { Length: > 0 } text ? text : null;

    /// <summary>The cell's text; an empty cell is an error.</summary>
    public string Text(string column)
    {
        if (Row[column].Length == 0)
        {
            Fail(ImportRule.ValueMissing, column);
        }

        return Row[column];
    }

    /// <summary>A date as 2024-01-05, 2024/1/5, 2024.1.5 or 2024年1月5日.</summary>
    public LocalDate Date(string column, FiscalYear? year)
    {
        var text = Text(column);
        if (text.Length == 0)
        {
            return default;
        }

        if (!TryParseDate(text, out var date))
        {
            Fail(ImportRule.NotADate, column);
        }
        else if (year is { } within && !within.Contains(date))
        {
            Fail(ImportRule.DateOutsideYear, column, $"{within}");
        }

        return date;
    }

    /// <summary>The date of a report on the year, made in it or in the one after.</summary>
    public LocalDate ReportDate(string column, FiscalYear year)
    {
        var date = Date(column, null);
        if (date != default && date.Year != year.Value && date.Year != year.Value + 1)
        {
            Fail(ImportRule.DateOutsideYear, column, $"{year}—{year.Value + 1}");
        }

        return date;
    }

    /// <summary>A date that may be missing.</summary>
    public LocalDate DateOr(string column, LocalDate missing, FiscalYear? year) => Row[column].Length == 0 ? missing : Date(column, year);

    /// <summary>An amount in 元 with at most two decimals.</summary>
    public Money Amount(string column, Sign sign)
    {
        if (!TryAmount(column, out var amount))
        {
            return default;
        }

        ImportRule? broken = sign switch
        {
            _ when amount.IsZero && sign != Sign.NotNegative => ImportRule.ZeroAmount,
            Sign.Positive or Sign.NotNegative when amount < Money.Zero => ImportRule.NegativeAmount,
            Sign.Negative when amount > Money.Zero => ImportRule.ReversalNotNegative,
            _ => null,
        };

        if (broken is { } rule)
        {
            Fail(rule, column);
        }

        return amount;
    }

    /// <summary>A whole number from 0 to 10¹⁸.</summary>
    public long WholeNumber(string column)
    {
        var text = Text(column);
        if (text.Length == 0)
        {
            return 0;
        }

        if (text.Length > 18 || !text.All(char.IsAsciiDigit))
        {
            Fail(ImportRule.NotAWholeNumber, column);
            return 0;
        }

        return long.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Points with at most two decimals, in hundredths.</summary>
    public int Points(string column)
    {
        if (!TryAmount(column, out var points))
        {
            return 0;
        }

        if (points < Money.Zero || points > new Money(1_000_000))
        {
            Fail(ImportRule.NotANumber, column);
            return 0;
        }

        return (int)points.Fen;
    }

    public int? OptionalPoints(string column) => Row[column].Length == 0 ? null : Points(column);

    /// <summary>A term of an enumeration, exactly as the forms have it.</summary>
    public T Term<T>(string column) where T : struct, Enum
    {
        var text = Text(column);
        if (text.Length > 0 && !Terms.TryParse<T>(text, out _))
        {
            Fail(ImportRule.TermUnknown, column, string.Join("、", Terms.All<T>()));
        }

        return Terms.TryParse<T>(text, out var value) ? value : default;
    }

    public T? OptionalTerm<T>(string column) where T : struct, Enum => Row[column].Length == 0 ? null : Term<T>(column);

    /// <summary>An item (项) of the year's chart; any code when there is no chart.</summary>
    public FunctionCode Function(string column, ChartOfAccounts? chart)
    {
        var text = Text(column);
        if (text.Length == 0)
        {
            return default;
        }

        if (!FunctionCode.IsValid(text))
        {
            Fail(ImportRule.CodeMalformed, column, "7");
            return default;
        }

        var code = new FunctionCode(text);
        CheckCode(column, chart?.Contains(code), chart?.IsLeaf(code), chart);
        return code;
    }

    public FunctionCode? OptionalFunction(string column, ChartOfAccounts? chart) => Row[column].Length == 0 ? null : Function(column, chart);

    /// <summary>An item (款) of the year's chart; any code when there is no chart.</summary>
    public EconomicCode Economic(string column, ChartOfAccounts? chart)
    {
        var text = Text(column);
        if (text.Length == 0)
        {
            return default;
        }

        if (!EconomicCode.IsValid(text))
        {
            Fail(ImportRule.CodeMalformed, column, "5");
            return default;
        }

        var code = new EconomicCode(text);
        CheckCode(column, chart?.Contains(code), chart?.IsLeaf(code), chart);
        return code;
    }

    public EconomicCode? OptionalEconomic(string column, ChartOfAccounts? chart) => Row[column].Length == 0 ? null : Economic(column, chart);

    /// <summary>The code of a department; null when the cell is empty.</summary>
    public DepartmentCode? OptionalDepartment(string column)
    {
        if (Optional(column) is not { } text)
        {
            return null;
        }

        if (!DepartmentCode.IsValid(text))
        {
            Fail(ImportRule.CodeMalformed, column, "3–20");
            return null;
        }

        return new(text);
    }

    private void CheckCode(string column, bool? known, bool? leaf, ChartOfAccounts? chart)
    {
        if (known == false)
        {
            Fail(ImportRule.CodeUnknown, column, $"{chart!.Year}");
        }
        else if (leaf == false)
        {
            Fail(ImportRule.CodeNotLeaf, column);
        }
    }

    private bool TryAmount(string column, out Money amount)
    {
        amount = default;
        var text = Text(column);
        if (text.Length == 0)
        {
            return false;
        }

        if (!YuanText.TryParse(text, out amount, out var broken))
        {
            Fail(broken, column, Money.InputLimit.ToYuan());
            return false;
        }

        return true;
    }

    private static bool TryParseDate(string text, out LocalDate date)
    {
        date = default;
        var parts = text.TrimEnd('日').Split('-', '/', '.', '年', '月');
        if (parts is not [{ Length: 4 } year, { Length: 1 or 2 } month, { Length: 1 or 2 } day]
            || !parts.All(part => part.All(char.IsAsciiDigit)))
        {
            return false;
        }

        var (y, m, d) = (Number(year), Number(month), Number(day));
        if (y < 1 || m is < 1 or > 12 || d < 1 || d > CalendarSystem.Iso.GetDaysInMonth(y, m))
        {
            return false;
        }

        date = new(y, m, d);
        return true;

        static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
    }
}
