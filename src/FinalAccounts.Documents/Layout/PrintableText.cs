using System.Text;
using System.Xml;

namespace FinalAccounts.Documents.Layout;

/// <summary>Text from the books as a document can carry it.</summary>
internal static class PrintableText
{
    /// <summary>
    /// The text with line ends as line feeds, and U+FFFD for every character that XML 1.0 forbids (control characters, halves of
    /// surrogate pairs): a name with a stray byte must not make a whole document unreadable.
    /// </summary>
    public static string Clean(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                if (i + 1 == text.Length || text[i + 1] != '\n')
                    result.Append('\n');
            }
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], c))
            {
                result.Append(c).Append(text[++i]);
            }
            else
            {
                result.Append(XmlConvert.IsXmlChar(c) ? c : '\uFFFD');
            }
        }

        return result.ToString();
    }
}
