using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;

namespace FinalAccounts.Server.Api;

/// <summary>A table of the document, by its meaning.</summary>
/// <param name="Id">公开01, 公开02, …</param>
/// <param name="FormNumber">As printed at the top right.</param>
/// <param name="Department">The department as printed.</param>
/// <param name="UnitOfAmount">万元 or another.</param>
/// <param name="IsEmpty">True for a table without data (空表).</param>
/// <param name="Columns">Paths of the amount columns; header levels joined by a slash.</param>
/// <param name="Rows">In order; a two-sided table has its left side first.</param>
/// <param name="Notes">What stands below the table.</param>
/// <param name="Statistics">The counts below the rows; absent when the form has none there.</param>
public sealed record TableItem(
    string Id,
    string FormNumber,
    string Title,
    string Department,
    string UnitOfAmount,
    bool IsEmpty,
    IReadOnlyList<string> Columns,
    IReadOnlyList<TableRowItem> Rows,
    IReadOnlyList<string> Notes,
    IReadOnlyList<TableCellItem>? Statistics)
{
    public static TableItem Of(DisclosureTable table) => new(
        table.Id,
        table.FormNumber,
        table.Title,
        table.Department,
        table.UnitOfAmount,
        table.IsEmpty,
        table.Columns,
        [.. table.Rows.Select(r => new TableRowItem(r.Side, r.Code, r.Name, r.Line, [.. r.Cells.Select(c => new TableCellItem(c.Column, c.Text, c.Address))]))],
        table.Notes,
        table.Statistics is { } statistics ? [.. statistics.Items.Select(i => new TableCellItem(i.Name, i.Text, i.Address))] : null);
}

/// <summary>A row of a table.</summary>
/// <param name="Side">收入 or 支出 in a two-sided table; absent otherwise.</param>
/// <param name="Code">The code of its subject.</param>
/// <param name="Line">行次, where the form has it.</param>
public sealed record TableRowItem(string? Side, string? Code, string? Name, int? Line, IReadOnlyList<TableCellItem> Cells);

/// <summary>A cell of a table, or a count below it.</summary>
/// <param name="Name">The column, or what is counted.</param>
/// <param name="Text">As printed; absent for a blank cell.</param>
/// <param name="Address">The figure's address; absent where the form has an empty field that means nothing.</param>
public sealed record TableCellItem(string Name, string? Text, string? Address);

/// <summary>The tables of a document.</summary>
internal static class TableRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(YearRoutes.Path + "/tables", Tables).Needs(Right.ReadBooks).Answering<IReadOnlyList<TableItem>>();
        api.MapGet(YearRoutes.Path + "/tables/{table}", Table).Needs(Right.ReadBooks).Answering<TableItem>();
    }

    /// <summary>All tables of the document.</summary>
    internal static Task<IResult> Tables(HttpContext http, Answers answers, [AsParameters] YearRequest request, CancellationToken cancellationToken) =>
        ListAsync(http, answers, request.Asked, cancellationToken);

    /// <summary>A table of the document.</summary>
    /// <param name="table">Its id: 公开05.</param>
    internal static Task<IResult> Table(
        HttpContext http, Answers answers, [AsParameters] YearRequest request, string table, CancellationToken cancellationToken) =>
        OneAsync(http, answers, request.Asked, table, cancellationToken);

    public static Task<IResult> ListAsync(HttpContext http, Answers answers, Asked asked, CancellationToken cancellationToken) => answers.JsonAsync(
        http, asked, "tables", ApiJson.Own.IReadOnlyListTableItem, (reported, _) => [.. reported.Document.Tables.Select(TableItem.Of)], cancellationToken);

    public static Task<IResult> OneAsync(HttpContext http, Answers answers, Asked asked, string table, CancellationToken cancellationToken) =>
        answers.JsonAsync(
            http, asked, $"table|{table}", ApiJson.Own.TableItem,
            (reported, _) => TableItem.Of(reported.Document.Tables.FirstOrDefault(t => t.Id == table) ?? throw ApiException.NotFound()), cancellationToken);
}
