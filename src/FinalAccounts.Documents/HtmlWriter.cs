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

    /// <summary>
    /// The document as a part of a page: the same from the cover to the last part, with every number a link. Its look comes from
    /// <see cref="StyleSheet"/> alone; it has no styles or scripts in itself. The h1 of its cover is that of the page.
    /// </summary>
    /// <exception cref="ArgumentException">A table's layout or the place of a number does not hold together.</exception>
    public static string WriteFragment(DisclosureDocument document, HtmlEmbedding embedding) => new HtmlPage(document, embedding).WriteFragment();

    /// <summary>The styles of a fragment below one element that a selector names.</summary>
    public static string StyleSheet(string selector) => $"{selector} {{\n{HtmlPage.ContentStyles().Replace(":root", "&", StringComparison.Ordinal)}}}\n";
}

/// <summary>How a document stands in a page.</summary>
/// <param name="LinkStart">What stands before a figure's address in the link of its number: <c>?figure=</c>.</param>
/// <param name="Marks">Numbers to be marked, by address, and what to say about each when it is pointed at.</param>
/// <param name="HasAnchors">True when numbers can be jumped to by their address.</param>
/// <param name="HasFront">False without cover and contents, for a page that has a heading of its own.</param>
public sealed record HtmlEmbedding(string LinkStart, IReadOnlyDictionary<string, string> Marks, bool HasAnchors = false, bool HasFront = true)
{
    /// <summary>Only what would end the address in a link is encoded; browsers encode the rest themselves.</summary>
    public string Link(string address) => LinkStart + address
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("&", "%26", StringComparison.Ordinal)
        .Replace("#", "%23", StringComparison.Ordinal)
        .Replace("+", "%2B", StringComparison.Ordinal)
        .Replace(" ", "%20", StringComparison.Ordinal);
}
