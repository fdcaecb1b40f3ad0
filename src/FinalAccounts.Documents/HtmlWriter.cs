using FinalAccounts.Documents.Html;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents;

/// <summary>
/// Writes disclosure.html: one file without scripts or anything fetched from elsewhere, to be read on a screen of any width and
/// printed on A4. Every number carries its figure's address (<c>data-figure</c>) and can be linked to by it (<c>#address</c>).
/// </summary>
public static class HtmlWriter
{
    /// <summary>The document as HTML in UTF-8; the same document gives the same bytes.</summary>
    /// <exception cref="ArgumentException">A table's layout or the place of a number does not hold together.</exception>
    public static byte[] Write(DisclosureDocument document) => new HtmlPage(document).Write();
}
