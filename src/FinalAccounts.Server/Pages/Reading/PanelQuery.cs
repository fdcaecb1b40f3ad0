using System.Globalization;
using FinalAccounts.Reporting;

namespace FinalAccounts.Server.Pages.Reading;

/// <summary>What the panel beside a document shows of a figure.</summary>
/// <param name="Figure">The figure's address; empty for none.</param>
/// <param name="Operand">Which of the sums that it is formed from, from 0.</param>
/// <param name="By">How that sum is taken apart; null for the first way that says something.</param>
/// <param name="Page">Which page of its events, from 1.</param>
public sealed record PanelQuery(string Figure, int Operand, SumAspect? By, string? Page)
{
    public static PanelQuery From(IQueryCollection query) => new(
        query["figure"].ToString(),
        int.TryParse(query["sum"], NumberStyles.None, CultureInfo.InvariantCulture, out var operand) ? operand : 0,
        Enum.TryParse<SumAspect>(query["by"], out var aspect) && Enum.IsDefined(aspect) ? aspect : null,
        query["page"]);

    /// <summary>The address of the same figure looked at in another way.</summary>
    /// <param name="point">The point in time, as further parameters.</param>
    public string Link(string point, int operand, SumAspect? by, int page = 1) => string.Create(
        CultureInfo.InvariantCulture,
        $"?figure={Uri.EscapeDataString(Figure)}&sum={operand}{(by is null ? "" : $"&by={by}")}{(page > 1 ? $"&page={page}" : "")}{point}");
}
