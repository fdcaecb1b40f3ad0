using System.Xml.Linq;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Packaging;

/// <summary>Title and author of an Office document. No dates: they would make every copy another one.</summary>
internal static class DocumentProperties
{
    public const string Path = "docProps/core.xml";
    public const string RelationshipType = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";

    private static readonly XNamespace Core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
    private static readonly XNamespace DublinCore = "http://purl.org/dc/elements/1.1/";

    public static OpcPart Of(DisclosureUnit unit)
    {
        var properties = new XElement(
            Core + "coreProperties",
            new XAttribute(XNamespace.Xmlns + "cp", Core),
            new XAttribute(XNamespace.Xmlns + "dc", DublinCore),
            new XElement(DublinCore + "title", Layout.PrintableText.Clean(unit.Title)),
            new XElement(DublinCore + "creator", Layout.PrintableText.Clean(unit.Name)),
            new XElement(DublinCore + "language", "zh-CN"));
        return new(Path, "application/vnd.openxmlformats-package.core-properties+xml", OpcPackage.Xml(properties.WriteTo));
    }
}
