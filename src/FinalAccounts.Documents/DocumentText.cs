using System.Globalization;
using System.Resources;

namespace FinalAccounts.Documents;

/// <summary>
/// The words that the writers add to a document. A disclosure is a Chinese document whatever the language of the program, so
/// they are always read from the neutral resources and never depend on the current culture.
/// </summary>
internal static class DocumentText
{
    private static readonly ResourceManager Resources = new("FinalAccounts.Documents.DocumentText", typeof(DocumentText).Assembly);

    /// <summary>What stands for a number that is no more.</summary>
    public static string Blank => Get("Blank");

    /// <summary>目录.</summary>
    public static string ContentsTitle => Get("ContentsTitle");

    /// <summary>The mark before a passage that nobody has approved yet.</summary>
    public static string Draft => Get("Draft");

    /// <summary>What the mark means.</summary>
    public static string DraftHint => Get("DraftHint");

    /// <summary>What an empty list of attachments says.</summary>
    public static string NoAttachments => Get("NoAttachments");

    /// <summary>The footer of a sheet, in the codes of SpreadsheetML.</summary>
    public static string SheetFooter => Get("SheetFooter");

    /// <summary>A table's line in the contents: 七、政府性基金…表（空表）.</summary>
    public static string TableEntry(int number, string title, bool isEmpty) =>
        Format(isEmpty ? "EmptyTableEntry" : "TableEntry", Numeral(number), title);

    public static string Department(string name) => Format("Department", name);

    public static string UnitOfAmount(string unit) => Format("UnitOfAmount", unit);

    /// <summary>What a table is, for those who hear it instead of seeing it.</summary>
    public static string TableCaption(string title, string formNumber, string unit) => Format("TableCaption", title, formNumber, unit);

    public static string GlossaryEntry(string term, string definition) => Format("GlossaryEntry", term, definition);

    /// <summary>An amount to the fen; <paramref name="yuan"/> with two decimals.</summary>
    public static string ExactAmount(string name, string yuan) => Format("ExactAmount", name, yuan);

    /// <summary>A Chinese numeral from 1 to 99: 一, 十, 十一, 二十, 二十一.</summary>
    public static string Numeral(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 99);
        var digits = Get("NumeralDigits");
        var (tens, ones) = (number / 10, number % 10);
        var head = tens > 1 ? digits[tens].ToString() : "";
        var middle = tens > 0 ? Get("NumeralTen") : "";
        return head + middle + (ones > 0 ? digits[ones].ToString() : "");
    }

    private static string Get(string key) =>
        Resources.GetString(key, CultureInfo.InvariantCulture) ?? throw new MissingManifestResourceException(key);

    private static string Format(string key, params ReadOnlySpan<object?> arguments) =>
        string.Format(CultureInfo.InvariantCulture, Get(key), arguments);
}
