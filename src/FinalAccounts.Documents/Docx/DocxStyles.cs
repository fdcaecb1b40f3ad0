using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Wordprocessing;
using FinalAccounts.Documents.Layout;
using FinalAccounts.Reporting;
using WordFonts = DocumentFormat.OpenXml.Wordprocessing.Fonts;

namespace FinalAccounts.Documents.Docx;

/// <summary>Everything in the Word document that is not its text: styles, fonts, settings, footers.</summary>
internal static class DocxStyles
{
    public const string Body = "Normal";
    public const string CoverTitle = "CoverTitle";
    public const string CoverUnit = "CoverUnit";
    public const string ContentsTitle = "ContentsTitle";
    public const string TableTitle = "TableTitle";
    public const string FormNumber = "FormNumber";
    public const string FormAttachment = "FormAttachment";
    public const string FormPeriod = "FormPeriod";
    public const string TableLine = "TableLine";
    public const string TableNote = "TableNote";
    public const string TableGrid = "DisclosureTable";
    public const string FooterText = "FooterText";
    public const string FooterTable = "FooterTable";
    public const string Draft = "Draft";

    /// <summary>三号, the type of the text of official documents, in half points.</summary>
    public const int BodyHalfPoints = 32;

    /// <summary>The line spacing of the text in twips: 28 points.</summary>
    public const int BodyLine = 560;

    private const int NoteSize = TableFit.NoteHalfPoints;
    private const JustificationValues Left = JustificationValues.Left;
    private const string Song = "方正小标宋简体";
    private const string Hei = "黑体";
    private const string Kai = "楷体";
    private const string Fang = "仿宋";
    private const string Print = "宋体";
    private const string Latin = "Times New Roman";

    /// <summary>Built-in heading styles: 1 for a part, 2 for 一、, 3 for （一）, 4 for 1.</summary>
    public static string Heading(int level) => $"Heading{level}";

    /// <summary>The style of a line of the contents.</summary>
    public static string Contents(int level) => $"TOC{level}";

    /// <summary>The style of a cell's text: one for each kind and size of type, so that a cell needs no formatting of its own.</summary>
    public static string Cell(LayoutCellKind kind, int halfPoints) =>
        string.Create(CultureInfo.InvariantCulture, $"Table{Alignment(kind).Name}{halfPoints}");

    public static Styles Styles(DisclosureDocument document)
    {
        var styles = new Styles(
            new DocDefaults(
                new RunPropertiesDefault(new RunPropertiesBaseStyle(
                    FontsOf(Fang),
                    new FontSize { Val = Number(BodyHalfPoints) },
                    new Languages { Val = "en-US", EastAsia = "zh-CN" })),
                new ParagraphPropertiesDefault()),
            Paragraph(
                Body, "Normal", null, BodyHalfPoints, Fang,
                Spacing(0, 0, BodyLine), FirstLine(BodyHalfPoints), JustificationValues.Both, isDefault: true),
            Centred(Heading(1), "heading 1", 44, Song, Spacing(0, 560, 720), outline: 0),
            Paragraph(Heading(2), "heading 2", Body, 32, Hei, Spacing(0, 0, BodyLine), FirstLine(32), Left, outline: 1),
            Paragraph(Heading(3), "heading 3", Body, 32, Kai, Spacing(0, 0, BodyLine), FirstLine(32), Left, outline: 2),
            Paragraph(Heading(4), "heading 4", Body, 32, Fang, Spacing(0, 0, BodyLine), FirstLine(32), Left, outline: 3, bold: true),
            Centred(CoverTitle, "Cover Title", 52, Song, Spacing(0, 0, 960)),
            Centred(CoverUnit, "Cover Unit", 36, Kai, Spacing(0, 0, 600)),
            Centred(ContentsTitle, "Contents Title", 44, Hei, Spacing(0, 360, 720)),
            Paragraph(Contents(1), "toc 1", Body, 30, Hei, Spacing(80, 0, 480), FirstLine(0), Left),
            Paragraph(Contents(2), "toc 2", Body, 28, Fang, Spacing(0, 0, 440), LeftIndent(560), Left),
            // An outline level for the navigation pane, but no built-in heading: the contents take a table's entry from its TC field.
            Centred(TableTitle, "Table Title", 32, Song, Spacing(0, 0, 480), outline: 1),
            Paragraph(FormNumber, "Form Number", Body, 18, Print, Spacing(0, 0, 280), FirstLine(0), JustificationValues.Right, keepNext: true),
            Paragraph(FormAttachment, "Form Attachment", Body, 28, Hei, Spacing(0, 0, 400), FirstLine(0), Left, keepNext: true),
            Centred(FormPeriod, "Form Period", 21, Print, Spacing(0, 40, 320)),
            Paragraph(TableLine, "Table Line", Body, 18, Print, Spacing(0, 40, 280), FirstLine(0), Left, keepNext: true),
            Paragraph(TableNote, "Table Note", Body, NoteSize, Print, Spacing(40, 0, LineOf(NoteSize)), FirstLine(0), Left),
            Centred(FooterText, "Footer Text", 28, Print, Spacing(0, 0, 0)),
            Centred(FooterTable, "Footer Table", 20, Print, Spacing(0, 0, 0)),
            new Style(
                new StyleName { Val = "Draft" },
                new StyleRunProperties(new Shading { Val = ShadingPatternValues.Clear, Color = "auto", Fill = "FFF3C4" }))
            { Type = StyleValues.Character, StyleId = Draft, CustomStyle = true },
            Grid());
        foreach (var size in document.Tables.Select(TableFit.Of).Concat(document.Forms.Select(TableFit.Of)).Select(fit => fit.HalfPoints).Distinct().Order())
        {
            foreach (var kind in Enum.GetValues<LayoutCellKind>().DistinctBy(kind => Alignment(kind).Name))
            {
                var (alignment, value) = Alignment(kind);
                var name = string.Create(CultureInfo.InvariantCulture, $"Table {alignment} {size}");
                styles.Append(Paragraph(Cell(kind, size), name, Body, size, Print, Spacing(0, 0, LineOf(size)), FirstLine(0), value));
            }
        }

        return styles;
    }

    /// <summary>
    /// The fonts by the names that official documents use, and for readers without them the names under which other systems have
    /// the same or the nearest face.
    /// </summary>
    public static WordFonts Fonts() => new(
        Font(Song, "FZXiaoBiaoSong-B05S,STZhongsong,SimSun,Noto Serif CJK SC", FontFamilyValues.Roman),
        Font(Hei, "SimHei,STHeiti,Noto Sans CJK SC", FontFamilyValues.Swiss),
        Font(Kai, "KaiTi,楷体_GB2312,STKaiti,Noto Serif CJK SC", FontFamilyValues.Script),
        Font(Fang, "FangSong,仿宋_GB2312,STFangsong,Noto Serif CJK SC", FontFamilyValues.Roman),
        Font(Print, "SimSun,STSong,Noto Serif CJK SC", FontFamilyValues.Roman));

    /// <summary>
    /// No updateFields: Word would ask every reader whether to update fields from other files. The contents are complete as written
    /// and show no page numbers, which only a word processor could know.
    /// </summary>
    public static Settings Settings() => new(
        new CharacterSpacingControl { Val = CharacterSpacingValues.CompressPunctuation },
        new Compatibility(new CompatibilitySetting
        {
            Name = CompatSettingNameValues.CompatibilityMode,
            Uri = "http://schemas.microsoft.com/office/word",
            Val = "15",
        }));

    /// <summary>The page number as official documents print it: — 1 —.</summary>
    public static Footer Footer(string style) => new(new Paragraph(
        new ParagraphProperties(new ParagraphStyleId { Val = style }),
        new Run(new Text("— ") { Space = SpaceProcessingModeValues.Preserve }),
        new SimpleField(new Run(new Text("1"))) { Instruction = "PAGE" },
        new Run(new Text(" —") { Space = SpaceProcessingModeValues.Preserve })));

    private static (string Name, JustificationValues Value) Alignment(LayoutCellKind kind) => kind switch
    {
        LayoutCellKind.Code or LayoutCellKind.Name or LayoutCellKind.Text => ("Left", Left),
        LayoutCellKind.Amount => ("Right", JustificationValues.Right),
        LayoutCellKind.Header or LayoutCellKind.Line or LayoutCellKind.Total or LayoutCellKind.Label or LayoutCellKind.Value => ("Center", JustificationValues.Center),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static Style Centred(string id, string name, int halfPoints, string font, SpacingBetweenLines spacing, int? outline = null) =>
        Paragraph(id, name, Body, halfPoints, font, spacing, FirstLine(0), JustificationValues.Center, outline);

    private static Style Paragraph(
        string id,
        string name,
        string? basedOn,
        int halfPoints,
        string font,
        SpacingBetweenLines spacing,
        Indentation indentation,
        JustificationValues justification,
        int? outline = null,
        bool bold = false,
        bool keepNext = false,
        bool isDefault = false)
    {
        var paragraph = new StyleParagraphProperties();
        if (keepNext || outline is not null)
        {
            paragraph.Append(new KeepNext());
            paragraph.Append(new KeepLines());
        }

        // No gaps between figures and characters: 公开01表, not 公开 01 表.
        if (isDefault)
            paragraph.Append(new AutoSpaceDE { Val = false }, new AutoSpaceDN { Val = false });
        paragraph.Append(spacing, indentation, new Justification { Val = justification });
        if (outline is { } level)
            paragraph.Append(new OutlineLevel { Val = level });

        var run = new StyleRunProperties(FontsOf(font));
        if (bold)
            run.Append(new Bold());
        run.Append(new FontSize { Val = Number(halfPoints) }, new FontSizeComplexScript { Val = Number(halfPoints) });

        var style = new Style { Type = StyleValues.Paragraph, StyleId = id, Default = isDefault ? true : null };
        style.Append(new StyleName { Val = name });
        if (basedOn is not null)
            style.Append(new BasedOn { Val = basedOn });
        style.Append(new PrimaryStyle(), paragraph, run);
        return style;
    }

    /// <summary>All borders thin, little room around the text.</summary>
    private static Style Grid() => new(
        new StyleName { Val = "Disclosure Table" },
        new StyleTableProperties(
            new TableBorders(
                new TopBorder { Val = BorderValues.Single, Size = 8, Space = 0, Color = "auto" },
                new LeftBorder { Val = BorderValues.Single, Size = 8, Space = 0, Color = "auto" },
                new BottomBorder { Val = BorderValues.Single, Size = 8, Space = 0, Color = "auto" },
                new RightBorder { Val = BorderValues.Single, Size = 8, Space = 0, Color = "auto" },
                new InsideHorizontalBorder { Val = BorderValues.Single, Size = 4, Space = 0, Color = "auto" },
                new InsideVerticalBorder { Val = BorderValues.Single, Size = 4, Space = 0, Color = "auto" }),
            new TableCellMarginDefault(
                new TopMargin { Width = Number(TableFit.RowPadding / 2), Type = TableWidthUnitValues.Dxa },
                new TableCellLeftMargin { Width = TableFit.CellPadding / 2, Type = TableWidthValues.Dxa },
                new BottomMargin { Width = Number(TableFit.RowPadding / 2), Type = TableWidthUnitValues.Dxa },
                new TableCellRightMargin { Width = TableFit.CellPadding / 2, Type = TableWidthValues.Dxa })))
    {
        Type = StyleValues.Table,
        StyleId = TableGrid,
        CustomStyle = true,
    };

    private static RunFonts FontsOf(string name) => new() { Ascii = Latin, HighAnsi = Latin, EastAsia = name, ComplexScript = Latin };

    private static Font Font(string name, string alternatives, FontFamilyValues family) =>
        new(new AltName { Val = alternatives }, new FontCharSet { Val = "86" }, new FontFamily { Val = family }) { Name = name };

    /// <summary>Exact line spacing; 0 leaves it to the font.</summary>
    private static SpacingBetweenLines Spacing(int before, int after, int line)
    {
        var spacing = new SpacingBetweenLines { Before = Number(before), After = Number(after) };
        if (line == 0)
            (spacing.Line, spacing.LineRule) = ("240", LineSpacingRuleValues.Auto);
        else
            (spacing.Line, spacing.LineRule) = (Number(line), LineSpacingRuleValues.Exact);
        return spacing;
    }

    /// <summary>Two characters of the given type as first-line indent; 0 for none.</summary>
    private static Indentation FirstLine(int halfPoints) => new()
    {
        Left = "0",
        FirstLine = Number(2 * halfPoints * 10),
        FirstLineChars = halfPoints == 0 ? 0 : 200,
    };

    private static Indentation LeftIndent(int twips) => new() { Left = Number(twips), FirstLine = "0", FirstLineChars = 0 };

    private static int LineOf(int halfPoints) => TableFit.LineTwipsPerHalfPoint * halfPoints;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
