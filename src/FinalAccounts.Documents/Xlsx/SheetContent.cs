using FinalAccounts.Documents.Layout;
using FinalAccounts.Reporting;

namespace FinalAccounts.Documents.Xlsx;

/// <summary>A line above a table.</summary>
/// <param name="Left">At the left edge; null for nothing.</param>
/// <param name="Middle">In the middle: the title; null for nothing. A line has either this or the others.</param>
/// <param name="Right">At the right edge; null for nothing.</param>
internal sealed record SheetLine(string? Left = null, string? Middle = null, string? Right = null);

/// <summary>What stands on a sheet: a table or a form.</summary>
/// <param name="Number">What the sheet's name begins with.</param>
internal sealed record SheetContent(
    string Number, string Title, IReadOnlyList<SheetLine> Above, TableLayout Layout, IReadOnlyList<string> Below, TableFit Fit)
{
    public static SheetContent Of(DisclosureTable table) => new(
        table.Id,
        table.Title,
        [
            new(Middle: table.Title),
            new(Right: table.FormNumber),
            new(DocumentText.Department(table.Department), Right: DocumentText.UnitOfAmount(table.UnitOfAmount)),
        ],
        table.Layout,
        table.Notes,
        TableFit.Of(table));

    public static SheetContent Of(DisclosureForm form) => new(
        form.Attachment ?? "",
        form.Title,
        [
            .. form.Attachment is { } attachment ? [new(attachment)] : Array.Empty<SheetLine>(),
            new(Middle: form.Title),
            .. form.Subtitle is { } subtitle ? [new(Right: subtitle)] : Array.Empty<SheetLine>(),
        ],
        form.Layout,
        form.Signature is { } signature ? [.. form.Notes, signature] : form.Notes,
        TableFit.Of(form));
}
