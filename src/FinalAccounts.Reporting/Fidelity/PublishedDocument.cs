namespace FinalAccounts.Reporting.Fidelity;

/// <summary>A published document as it was transcribed (published.json; docs/documents.md has its shape).</summary>
/// <param name="Texts">All texts, in order: the narrative, then texts of attached reports.</param>
/// <param name="Numbers">The numbers that the texts state, dates and the like left out; not always in order.</param>
public sealed record PublishedDocument(
    DisclosureUnit Unit,
    IReadOnlyList<PublishedTable> Tables,
    IReadOnlyList<PublishedText> Texts,
    IReadOnlyList<PublishedNumber> Numbers,
    IReadOnlyList<GlossaryEntry> Glossary)
{
    /// <summary>The forms of the performance parts.</summary>
    internal IReadOnlyList<ComparedForm> Forms { get; init; } = [];
}

/// <summary>A table with its printed cells; rows have no figure addresses. Counts below the rows are rows too.</summary>
public sealed record PublishedTable(
    string Id, string Title, string UnitOfAmount, IReadOnlyList<string> Columns, IReadOnlyList<TableRow> Rows, IReadOnlyList<string> Notes);

/// <summary>A heading with its text.</summary>
/// <param name="Area">What it belongs to: 说明 or 附件; the first part of the places of its differences.</param>
/// <param name="Level">0 for the title of a part.</param>
public sealed record PublishedText(string Area, string Heading, int Level, string Text);

/// <summary>A number in a text.</summary>
/// <param name="Section">The section that it stands in, as the transcriber calls it.</param>
/// <param name="Sentence">The sentence with the number, as in the text.</param>
/// <param name="Quantity">What it is.</param>
/// <param name="Value">As printed; null where the form's place for it was left blank.</param>
/// <param name="Unit">As printed after it; % for percentages.</param>
public sealed record PublishedNumber(string Section, string Sentence, string Quantity, string? Value, string Unit);

/// <summary>A transcription or a list of declared differences is wrong.</summary>
/// <param name="place">Line and column, or the number that is wrong.</param>
public sealed class TranscriptionException(string place, string message, Exception? inner = null) : Exception($"{place}: {message}", inner);
