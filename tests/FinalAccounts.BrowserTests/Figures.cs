namespace FinalAccounts.BrowserTests;

/// <summary>Addresses of figures that the tests follow.</summary>
internal static class Figures
{
    /// <summary>本年支出合计 of 公开05.</summary>
    public const string Spending = "公开05/合计/本年支出/小计";
}
