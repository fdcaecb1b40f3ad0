using DocumentFormat.OpenXml.Spreadsheet;

namespace FinalAccounts.Documents.Xlsx;

/// <summary>How a cell looks. Equal formats are one entry in the style sheet.</summary>
/// <param name="NumberFormat">A format code such as <c>0.00</c>; null for text.</param>
/// <param name="QuotePrefix">
/// The text begins like a formula. It is stored as text anyway; the mark keeps it text when somebody edits the cell.
/// </param>
internal sealed record CellLook(
    string Font,
    int HalfPoints,
    HorizontalAlignmentValues Alignment,
    bool Border,
    bool Wrap = false,
    int Indent = 0,
    string? NumberFormat = null,
    bool QuotePrefix = false);

/// <summary>Collects the formats that the sheets use, numbered in order of first use.</summary>
internal sealed class XlsxStyles
{
    public const string Song = "方正小标宋简体";
    public const string Print = "宋体";

    private const uint FirstOwnNumberFormat = 164;

    // Index 0 is the format of cells without one.
    private readonly List<CellLook> _looks = [new(Print, 21, HorizontalAlignmentValues.General, Border: false)];

    public uint Index(CellLook look)
    {
        var index = _looks.IndexOf(look);
        if (index < 0)
        {
            index = _looks.Count;
            _looks.Add(look);
        }

        return (uint)index;
    }

    public Stylesheet Write()
    {
        var fonts = _looks.Select(look => (look.Font, look.HalfPoints)).Distinct().ToList();
        var formats = _looks.Select(look => look.NumberFormat).OfType<string>().Distinct().ToList();
        var sheet = new Stylesheet();
        if (formats.Count > 0)
        {
            sheet.Append(new NumberingFormats(formats.Select((code, i) =>
                new NumberingFormat { NumberFormatId = FirstOwnNumberFormat + (uint)i, FormatCode = code }))
            { Count = (uint)formats.Count });
        }

        sheet.Append(
            new Fonts(fonts.Select(font => new Font(
                new FontSize { Val = font.HalfPoints / 2.0 },
                new FontName { Val = font.Font },
                new FontFamilyNumbering { Val = 1 },
                new FontCharSet { Val = 134 })))
            { Count = (uint)fonts.Count },
            new Fills(
                new Fill(new PatternFill { PatternType = PatternValues.None }),
                new Fill(new PatternFill { PatternType = PatternValues.Gray125 }))
            { Count = 2 },
            new Borders(NoBorder(), ThinBorder()) { Count = 2 },
            new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }) { Count = 1 },
            new CellFormats(_looks.Select(look => Format(look, fonts, formats))) { Count = (uint)_looks.Count },
            new CellStyles(new CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }) { Count = 1 });
        return sheet;
    }

    private static CellFormat Format(CellLook look, List<(string, int)> fonts, List<string> formats)
    {
        var alignment = new Alignment { Horizontal = look.Alignment, Vertical = VerticalAlignmentValues.Center };
        if (look.Wrap)
            alignment.WrapText = true;
        if (look.Indent > 0)
            alignment.Indent = (uint)look.Indent;
        return new CellFormat(alignment)
        {
            // 49 is text: what a user types over a name stays text as well.
            NumberFormatId = look.NumberFormat is { } code ? FirstOwnNumberFormat + (uint)formats.IndexOf(code) : look.Border ? 49u : 0,
            FontId = (uint)fonts.IndexOf((look.Font, look.HalfPoints)),
            FillId = 0,
            BorderId = look.Border ? 1u : 0,
            FormatId = 0,
            ApplyNumberFormat = true,
            ApplyFont = true,
            ApplyBorder = true,
            ApplyAlignment = true,
            QuotePrefix = look.QuotePrefix ? true : null,
        };
    }

    private static Border NoBorder() => new(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder());

    private static Border ThinBorder() => new(
        new LeftBorder(Auto()) { Style = BorderStyleValues.Thin },
        new RightBorder(Auto()) { Style = BorderStyleValues.Thin },
        new TopBorder(Auto()) { Style = BorderStyleValues.Thin },
        new BottomBorder(Auto()) { Style = BorderStyleValues.Thin },
        new DiagonalBorder());

    private static Color Auto() => new() { Auto = true };
}
