using System.IO.Compression;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using DocumentFormat.OpenXml;

namespace FinalAccounts.Documents.Packaging;

/// <summary>A part of an Office document.</summary>
/// <param name="Path">Without a leading slash: <c>word/document.xml</c>.</param>
/// <param name="Relationships">What it refers to; targets relative to its folder.</param>
internal sealed record OpcPart(string Path, string ContentType, byte[] Content, params IReadOnlyList<OpcRelationship> Relationships)
{
    public OpcPart(string path, string contentType, OpenXmlElement root, params IReadOnlyList<OpcRelationship> relationships)
        : this(path, contentType, OpcPackage.Xml(root.WriteTo), relationships)
    {
    }
}

/// <summary>A reference from one part to another, with its id within the referring part.</summary>
internal sealed record OpcRelationship(string Id, string Type, string Target);

/// <summary>
/// Puts the parts of an Office document into one file. The library's own packaging makes up relationship ids and dates the
/// entries, so the parts are named and dated here.
/// </summary>
internal static class OpcPackage
{
    private const string RelationshipsType = "application/vnd.openxmlformats-package.relationships+xml";
    /// <summary>The earliest date that a ZIP entry can have; no clock.</summary>
    private static readonly DateTimeOffset FirstZipDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly XNamespace ContentTypes = "http://schemas.openxmlformats.org/package/2006/content-types";
    private static readonly XNamespace RelationshipsNamespace = "http://schemas.openxmlformats.org/package/2006/relationships";

    /// <param name="root">References from the package itself: to the main part and the properties.</param>
    public static byte[] Write(IReadOnlyList<OpcRelationship> root, IReadOnlyList<OpcPart> parts)
    {
        var entries = new List<(string, byte[])>
        {
            ("[Content_Types].xml", Xml(Types(parts).WriteTo)),
            ("_rels/.rels", Xml(Relationships(root).WriteTo)),
        };
        foreach (var part in parts)
        {
            entries.Add((part.Path, part.Content));
            if (part.Relationships.Count > 0)
                entries.Add((RelationshipsPath(part.Path), Xml(Relationships(part.Relationships).WriteTo)));
        }

        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in entries)
            {
                // Stored, not compressed: the same bytes with every version of the compression library.
                var entry = archive.CreateEntry(path, CompressionLevel.NoCompression);
                entry.LastWriteTime = FirstZipDate;
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>An XML file in UTF-8 without a byte order mark, on one line, characters unchanged.</summary>
    public static byte[] Xml(Action<XmlWriter> write)
    {
        var settings = new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            // Otherwise line feeds in a text become those of the platform.
            NewLineHandling = NewLineHandling.None,
        };
        var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, settings))
        {
            writer.WriteStartDocument(standalone: true);
            write(writer);
        }

        return bytes.ToArray();
    }

    private static XElement Types(IReadOnlyList<OpcPart> parts) => new(
        ContentTypes + "Types",
        new XElement(ContentTypes + "Default", new XAttribute("Extension", "rels"), new XAttribute("ContentType", RelationshipsType)),
        new XElement(ContentTypes + "Default", new XAttribute("Extension", "xml"), new XAttribute("ContentType", "application/xml")),
        parts.Select(part => new XElement(
            ContentTypes + "Override", new XAttribute("PartName", "/" + part.Path), new XAttribute("ContentType", part.ContentType))));

    private static XElement Relationships(IReadOnlyList<OpcRelationship> relationships) => new(
        RelationshipsNamespace + "Relationships",
        relationships.Select(r => new XElement(
            RelationshipsNamespace + "Relationship",
            new XAttribute("Id", r.Id), new XAttribute("Type", r.Type), new XAttribute("Target", r.Target))));

    private static string RelationshipsPath(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        return $"{path[..slash]}_rels/{path[slash..]}.rels";
    }
}
