namespace FinalAccounts.Reporting.Forms;

// The files of a form pack as they are written. Everything may be left out in a pack that extends another; PackCheck asks for
// what must be there in the end. docs/forms.md explains each key.

/// <summary>pack.yaml.</summary>
public sealed class PackFile : Placed
{
    /// <summary>The pack whose files and entries count where this one says nothing.</summary>
    public string? Extends { get; set; }

    /// <summary>True for a pack that others extend and that is no form itself. Not inherited.</summary>
    public bool Abstract { get; set; }

    public PackText? Title { get; set; }

    /// <summary>Number formats by name.</summary>
    public Dictionary<string, FormatFile>? Formats { get; set; }

    public PercentBase? PercentBase { get; set; }

    /// <summary>The unit of amounts in tables and sentences: 元, 万元 or 亿元; 万元 when left out.</summary>
    public string? Unit { get; set; }

    /// <summary>By code: what the form's texts call a functional or economic code differently from the chart.</summary>
    public Dictionary<string, string>? Names { get; set; }

    /// <summary>Amounts that the form itself fixes.</summary>
    public List<StandardFile>? Standards { get; set; }

    /// <summary>The statistics that the form asks for, with their units.</summary>
    public Dictionary<string, string>? Statistics { get; set; }

    public List<PartFile>? Parts { get; set; }

    /// <summary>What the word after the slash of an explanation's subject compares with.</summary>
    public Dictionary<string, ComparisonFile>? Comparisons { get; set; }

    public DirectionsFile? Directions { get; set; }

    /// <summary>How many codes or projects a draft names at most.</summary>
    public int? DraftParts { get; set; }
}

/// <summary>What a subject such as <c>收入总计/比上年</c> compares with.</summary>
public sealed class ComparisonFile : Placed
{
    /// <summary>The base's name, with <c>{}</c> where the quantity's stands.</summary>
    public string? Base { get; set; }

    /// <summary>The quantity of a subject that begins with a functional code.</summary>
    public string? Of { get; set; }

    /// <summary>Its base, where that has another name.</summary>
    public string? Against { get; set; }
}

/// <summary>The words of a reason that say which way a figure went.</summary>
public sealed class DirectionsFile : Placed
{
    public List<string>? Up { get; set; }

    public List<string>? Down { get; set; }
}

/// <summary>How a number is printed.</summary>
public sealed class FormatFile : Placed
{
    public int? Decimals { get; set; }

    /// <summary>True when trailing zeros are dropped: 100 instead of 100.00.</summary>
    public bool? Trim { get; set; }

    /// <summary>True for 1,484.80.</summary>
    public bool? Thousands { get; set; }

    /// <summary>How a value that is rounded to zero is printed: <c>0</c> instead of 0.00.</summary>
    public string? Zero { get; set; }
}

/// <summary>What a percentage is computed from.</summary>
public enum PercentBase
{
    /// <summary>Exact fen.</summary>
    Exact,

    /// <summary>The printed 万元 figures.</summary>
    Printed,
}

public sealed class StandardFile : Placed
{
    public string? Name { get; set; }

    /// <summary>Fen when the unit is 元.</summary>
    public long? Value { get; set; }

    public string? Unit { get; set; }
}

public sealed class PartFile : Placed
{
    public PackText? Title { get; set; }

    public PartKind? Kind { get; set; }

    /// <summary>Of a text part: its name in the document and the file with its blocks.</summary>
    public string? Key { get; set; }

    public string? Blocks { get; set; }

    /// <summary>Of a text part: what the addresses of its numbers begin with.</summary>
    public string? Address { get; set; }

    /// <summary>Of a text part: false when the document's contents name the part but not its headings.</summary>
    public bool? Contents { get; set; }

    /// <summary>Of a part with tables: the ids of its tables; all tables when left out.</summary>
    public List<string>? Tables { get; set; }

    /// <summary>Of a part with tables: what stands below its title and concerns all of them.</summary>
    public PackText? Note { get; set; }

    /// <summary>Of a part with self-evaluations: the file with their form.</summary>
    public string? Evaluation { get; set; }

    /// <summary>Of a part with a form: the file with the form.</summary>
    public string? Form { get; set; }

    /// <summary>Of a part with a form: <c>projects</c> for one form per evaluated project.</summary>
    public string? Each { get; set; }
}

public enum PartKind
{
    Text,
    Tables,
    Glossary,
    Attachments,

    /// <summary>Self-evaluation forms.</summary>
    Evaluations,

    /// <summary>A form with labels and what is filled in beside them.</summary>
    Form,
}

public sealed class QuantityFile : Placed
{
    public List<string>? Measures { get; set; }

    public string? Function { get; set; }

    public List<string>? Economics { get; set; }

    public List<string>? Funds { get; set; }

    public string? Kind { get; set; }

    public string? Source { get; set; }

    public string? Project { get; set; }

    public string? Name { get; set; }

    public List<string>? Sum { get; set; }
}

/// <summary>A block of text, or one per function or project when <see cref="Each"/> is given.</summary>
public sealed class BlockFile : Placed
{
    /// <summary>Names the block in addresses; unique in the part. A template for repeated blocks.</summary>
    public string? Id { get; set; }

    public PackText? Heading { get; set; }

    public int? Level { get; set; }

    /// <summary>Template; paragraphs are separated by a blank line, line breaks within one are dropped.</summary>
    public PackText? Text { get; set; }

    public EachFile? Each { get; set; }

    /// <summary>Subjects: the block is left out when none of these texts is written.</summary>
    public List<string>? Explained { get; set; }
}

/// <summary>
/// Repeats a block for every functional code of a level, or for every project, for which any of the quantities is not zero,
/// or for every numbered part of a written text.
/// </summary>
public sealed class EachFile : Placed
{
    /// <summary>class, section or item.</summary>
    public string? Level { get; set; }

    public List<string>? Quantities { get; set; }

    /// <summary>Instead of a level: projects with any of these quantities, in the order in which the books name them.</summary>
    public List<string>? Projects { get; set; }

    /// <summary>Instead of a level: the name of a written text (problems, improvements, …) whose parts are numbered 1.…, 2.….</summary>
    public string? Numbered { get; set; }
}

public sealed class GlossaryFile : Placed
{
    public string? Term { get; set; }

    public string? Definition { get; set; }
}

/// <summary>A table of the form.</summary>
public sealed class TableFile : Placed
{
    public string? Id { get; set; }

    public string? Title { get; set; }

    /// <summary>As printed at the top right; the id and 表 when left out.</summary>
    public string? Number { get; set; }

    public TableShape? Shape { get; set; }

    public bool? Landscape { get; set; }

    /// <summary>Relative widths of all drawn columns.</summary>
    public List<int>? Widths { get; set; }

    /// <summary>The sides or column groups, left to right; one for the other shapes.</summary>
    public List<SectionFile>? Sections { get; set; }

    /// <summary>Templates; <c>empty</c> says whether the table has data.</summary>
    public List<PackText>? Notes { get; set; }

    public ZeroRule? Zero { get; set; }

    /// <summary>True when the total row of a table without data prints 0.00, false when it is blank; as <see cref="Zero"/> when left out.</summary>
    public bool? ZeroWhenEmpty { get; set; }

    /// <summary>False for a table without the row 栏次 1 2 3.</summary>
    public bool? ColumnNumbers { get; set; }

    /// <summary>The number format of the cells.</summary>
    public string? Format { get; set; }

    /// <summary>Total rows under side-by-side groups.</summary>
    public List<FooterFile>? Footer { get; set; }

    /// <summary>A block of counts below the rows (公务用车保有量（辆）, …).</summary>
    public TableStatisticsFile? Statistics { get; set; }
}

/// <summary>A block of counts below a table's rows: name and number, several of them side by side.</summary>
public sealed class TableStatisticsFile : Placed
{
    /// <summary>The heads of a name and its number.</summary>
    public List<string>? Columns { get; set; }

    /// <summary>How many names with their numbers stand side by side; one when left out.</summary>
    public int? PerRow { get; set; }

    public List<RowFile>? Rows { get; set; }
}

public enum TableShape
{
    /// <summary>Fixed lines on one or two sides (收入 and 支出).</summary>
    Lines,

    /// <summary>A total row and a tree of functional codes.</summary>
    Functions,

    /// <summary>Fixed economic codes in groups side by side.</summary>
    Economics,

    /// <summary>One row of amounts.</summary>
    SingleRow,
}

public sealed class SectionFile : Placed
{
    /// <summary>收入 or 支出 in a table with two sides.</summary>
    public string? Side { get; set; }

    /// <summary>Heading over the section in a table with groups side by side.</summary>
    public string? Head { get; set; }

    /// <summary>Heads of the columns before the amounts: paths. Of lines: name and, when there are two, line number.</summary>
    public List<string> Stub { get; set; } = [];

    public List<ColumnFile> Columns { get; set; } = [];

    public List<RowFile> Rows { get; set; } = [];

    /// <summary>The number of the first line; the others count on, unless a row has its own.</summary>
    public int? FirstLine { get; set; }

    /// <summary>What each cell of an economics section sums.</summary>
    public string? Quantity { get; set; }

    /// <summary>The economic codes of an economics section in order; the functional codes of a functions table that stand there even without data.</summary>
    public List<string> Codes { get; set; } = [];

    /// <summary>Of a functions table: which of class, section, item have rows; all when left out.</summary>
    public List<string>? Levels { get; set; }

    /// <summary>Of an economics section: the name of a first row with the sum of everything.</summary>
    public string? Total { get; set; }
}

public sealed class ColumnFile : Placed
{
    public string? Path { get; set; }

    /// <summary>The quantity of a functions table's or single-row table's column.</summary>
    public string? Quantity { get; set; }

    /// <summary>Of a lines table: appended to the name of the row's quantity.</summary>
    public string? Suffix { get; set; }

    public string? Fund { get; set; }

    public ZeroRule? Zero { get; set; }
}

public sealed class RowFile : Placed
{
    public string? Name { get; set; }

    public int? Line { get; set; }

    public string? Quantity { get; set; }

    /// <summary>Quantities by column, where the columns of a row have different ones.</summary>
    public Dictionary<string, string>? Quantities { get; set; }

    /// <summary>Fixed texts by column: <c>——</c> where the form asks for no number.</summary>
    public Dictionary<string, string>? Texts { get; set; }

    public string? Function { get; set; }

    /// <summary>Stands for one row per class (类), numbered 一、二、…, with the chart's names.</summary>
    public List<string>? Classes { get; set; }

    /// <summary>
    /// Stands for one row per project with this quantity in any column; <see cref="Name"/> is a template with <c>number</c> and <c>project</c>.
    /// </summary>
    public string? Projects { get; set; }

    /// <summary>The order of the projects; that in which the books name them first when left out.</summary>
    public ProjectOrder? Order { get; set; }

    /// <summary>The project that the row is about.</summary>
    internal string? Project { get; set; }

    /// <summary>Of <see cref="Classes"/>: true when the classes that have data stand there too, in the order of the codes.</summary>
    public bool WithData { get; set; }

    /// <summary>Stands for so many rows that have a line number only.</summary>
    public int? Blank { get; set; }

    public ZeroRule? Zero { get; set; }

    /// <summary>True for a row of totals, whose name is centred.</summary>
    public bool Total { get; set; }

    /// <summary>Levels by which the name is indented.</summary>
    public int Indent { get; set; }
}

/// <summary>How the rows of projects are ordered.</summary>
public enum ProjectOrder
{
    /// <summary>By the amount of this year, the smallest first.</summary>
    Ascending,

    /// <summary>By the amount of this year, the largest first.</summary>
    Descending,
}

public sealed class FooterFile : Placed
{
    public string? Name { get; set; }

    public string? Quantity { get; set; }

    /// <summary>Over how many drawn columns the name goes.</summary>
    public int? NameSpan { get; set; }

    /// <summary>Over how many drawn columns the amount goes.</summary>
    public int? AmountSpan { get; set; }
}
