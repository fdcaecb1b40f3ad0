using FinalAccounts.Ledger;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>Commands of a small department's 2024 as they are sent.</summary>
internal static class Books
{
    public static string Open(DepartmentCode department) => $$"""
        {"date":"2024-01-01","department":"{{department}}","year":2024,"formPack":"hunan-2024","overspending":"拒绝","openingBalances":[],"standards":[]}
        """;

    /// <summary>A budget document: 年初预算, 追加 or 扣回.</summary>
    public static string Budget(string number, long fen) => $$"""
        {"date":"2024-06-03","documentNumber":"{{number}}","purpose":"经费","lines":
         [{"function":"2080101","fund":"一般公共预算","kind":"基本支出","amount":{{fen}}}]}
        """;

    public static string Income(string voucher, long fen) => $$"""
        {"date":"2024-06-03","voucher":"{{voucher}}","summary":"财政拨款","lines":
         [{"function":"2080101","source":"财政拨款收入","fund":"一般公共预算","amount":{{fen}}}]}
        """;

    public static string Expenditure(string voucher, long fen) => $$"""
        {"date":"2024-06-30","voucher":"{{voucher}}","summary":"办公费","lines":[{{Line(fen)}}]}
        """;

    public static string Reversal(string voucher, string reversed, long fen) => $$"""
        {"date":"2024-07-01","voucher":"{{voucher}}","reversed":"{{reversed}}","summary":"冲销","lines":[{{Line(fen)}}]}
        """;

    private static string Line(long fen) => $$"""
        {"function":"2080101","economic":"30201","fund":"一般公共预算","kind":"基本支出","source":"财政拨款收入","amount":{{fen}}}
        """;
}
