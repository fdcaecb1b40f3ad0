using System.Globalization;
using System.Text;
using FinalAccounts.Ledger;
using NodaTime;

namespace FinalAccounts.Benchmarks;

/// <summary>What was written.</summary>
/// <param name="Rows">Of the list of expenditure, without its head.</param>
/// <param name="Bytes">Of that list.</param>
/// <param name="Fen">What its rows add up to.</param>
/// <param name="Events">What an import of all lists records.</param>
internal readonly record struct WrittenFiles(int Rows, long Bytes, long Fen, long Events);

/// <summary>Lists of a department that nobody has kept, as an import reads them: vouchers on days in no order, with reversals.</summary>
internal static class DepartmentFiles
{
    /// <summary>Every so many vouchers one takes back half of the one before it.</summary>
    public const int ReversalEvery = 50;

    private const int IncomeEvery = 20;
    private const int SecondRowEvery = 3;

    /// <summary>Registration, profile, opening and one budget document.</summary>
    private const int OtherEvents = 4;

    private static readonly string[] Items = ["2080101", "2080505", "2010501", "2080599"];
    private static readonly string[] Economic = ["30101", "30102", "30201", "30202", "30226", "30217", "30231"];

    /// <summary>Writes them into a folder.</summary>
    /// <param name="areSplit">Whether every third voucher has a second row, which stands far from its first.</param>
    public static WrittenFiles Write(string folder, RegionCode region, DepartmentCode department, int vouchers, bool areSplit = false)
    {
        File.WriteAllText(Path.Combine(folder, "department.yaml"), Department(region, department));
        File.WriteAllText(Path.Combine(folder, "budget.csv"), "类型,文号,日期,事由,功能科目,支出性质,项目,预算类别,经济科目,金额(元)\n"
            + string.Concat(Items.Select(item => $"年初预算,预〔2024〕1号,2024-01-01,年度预算,{item},基本支出,,一般公共预算,,500000000000.00\n")));
        var receipts = WriteIncome(Path.Combine(folder, "income.csv"), vouchers);
        var list = Path.Combine(folder, "expenditure.csv");
        var (rows, fen) = WriteExpenditure(list, vouchers, areSplit);
        return new(rows, new FileInfo(list).Length, fen, OtherEvents + receipts + vouchers);
    }

    private static int WriteIncome(string file, int vouchers)
    {
        using var income = new StreamWriter(file, append: false, Encoding.UTF8);
        income.Write("凭证号,日期,摘要,功能科目,收入来源,预算类别,金额(元)\n");
        var receipts = 0;
        for (var n = 0; n < vouchers; n += IncomeEvery)
        {
            income.Write($"收-{n:0000000},{Date(n)},第{n}笔拨款,{Items[n % Items.Length]},财政拨款收入,一般公共预算,{Yuan(Amount(n))}\n");
            receipts++;
        }

        return receipts;
    }

    private static (int Rows, long Fen) WriteExpenditure(string file, int vouchers, bool areSplit)
    {
        using var expenditure = new StreamWriter(file, append: false, Encoding.UTF8);
        expenditure.Write("凭证号,日期,摘要,功能科目,经济科目,预算类别,支出性质,项目,资金来源,金额(元),冲销凭证号\n");
        var (rows, fen) = (0, 0L);
        for (var n = 0; n < vouchers; n++)
        {
            // The original of a reversal is the voucher before it, of the same day.
            var isReversal = IsReversal(n);
            var of = isReversal ? n - 1 : n;
            Write(n, of, isReversal ? -Amount(of) / 2 : Amount(of), isReversal ? $"记-{of:0000000}" : "");
        }

        for (var n = 0; areSplit && n < vouchers; n += SecondRowEvery)
        {
            if (!IsReversal(n) && !IsReversal(n + 1))
            {
                Write(n, n, Amount(n + 1), "");
            }
        }

        return (rows, fen);

        void Write(int n, int of, long amount, string reversed)
        {
            (rows, fen) = (rows + 1, fen + amount);
            expenditure.Write(
                $"记-{n:0000000},{Date(of)},购买办公用品及维修第{n}批,{Items[of % Items.Length]},{Economic[of % Economic.Length]},一般公共预算,基本支出,,财政拨款收入,{Yuan(amount)},{reversed}\n");
        }
    }

    private static bool IsReversal(int n) => n % ReversalEvery == ReversalEvery - 1;

    /// <summary>Days follow on each other in no order.</summary>
    private static string Date(int n) => new LocalDate(2024, 1, 1).PlusDays((int)(n * 7_919L % 366)).ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    private static long Amount(int n) => 300 + (n * 48_271L % 9_999_991);

    private static string Yuan(long fen) => new Money(fen).ToYuan();

    private static string Department(RegionCode region, DepartmentCode department) => $"""
        地区代码: "{region}"
        地区名称: 某省某市
        单位代码: "{department}"
        单位名称: 某市大型机构
        登记日期: 2024-01-01
        年度: 2024
        报表格式: hunan-2024
        超预算支出: 拒绝
        概况日期: 2024-12-31
        自称: 我单位
        部门职责:
          - 某项职责。
        编制人数: 48
        在职人数: 43
        退休人数: 27
        内设机构: []
        所属单位: []
        附件: []
        """;
}
