using FinalAccounts.Documents.Docx;
using FinalAccounts.Documents.Packaging;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents;

/// <summary>
/// Writes disclosure.docx: the document as a bureau prints and files it, in the layout of official documents (GB/T 9704).
/// </summary>
public static class DocxWriter
{
    private const string Types = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

    /// <summary>The document as WordprocessingML; the same document gives the same bytes.</summary>
    /// <exception cref="ArgumentException">A table's layout or the place of a number does not hold together.</exception>
    public static byte[] Write(DisclosureDocument document) => OpcPackage.Write(
        [
            new("rId1", Relations + "officeDocument", "word/document.xml"),
            new("rId2", DocumentProperties.RelationshipType, DocumentProperties.Path),
        ],
        [
            new OpcPart(
                "word/document.xml", Types + "document.main+xml", new DocxBody(document).Write(),
                new OpcRelationship("rId1", Relations + "styles", "styles.xml"),
                new OpcRelationship("rId2", Relations + "fontTable", "fontTable.xml"),
                new OpcRelationship("rId3", Relations + "settings", "settings.xml"),
                new OpcRelationship(DocxBody.TextFooterId, Relations + "footer", "footer1.xml"),
                new OpcRelationship(DocxBody.TableFooterId, Relations + "footer", "footer2.xml")),
            new OpcPart("word/styles.xml", Types + "styles+xml", DocxStyles.Styles(document)),
            new OpcPart("word/fontTable.xml", Types + "fontTable+xml", DocxStyles.Fonts()),
            new OpcPart("word/settings.xml", Types + "settings+xml", DocxStyles.Settings()),
            new OpcPart("word/footer1.xml", Types + "footer+xml", DocxStyles.Footer(DocxStyles.FooterText)),
            new OpcPart("word/footer2.xml", Types + "footer+xml", DocxStyles.Footer(DocxStyles.FooterTable)),
            DocumentProperties.Of(document.Unit),
        ]);
}
