using FinalAccounts.Ledger;

namespace FinalAccounts.Regions.Simulation;

/// <summary>What money of a purse is spent on.</summary>
internal sealed record Use(EconomicCode Economic, string Purpose);

/// <summary>Money that a simulated department has for something: what its budget, its postings and its carry-over are kept by.</summary>
/// <param name="Money">Its part of the department's money, in any unit that the department's purses share.</param>
/// <param name="Postings">Its part of the department's postings, likewise.</param>
/// <param name="Uses">What it is spent on; a use that is more frequent stands there more often.</param>
internal sealed record Purse(
    FunctionCode Item, Fund Fund, SpendingKind Kind, string? Project, IncomeSource Source, int Money, int Postings, IReadOnlyList<Use> Uses);

/// <summary>
/// What departments spend money on, modelled on the books in <c>samples/</c>: offices with their salaries and running costs, the social
/// contributions, which have functional items of their own, pensions, and some projects. Codes of 政府收支分类科目; what a chart does
/// not have is left out.
/// </summary>
internal static class PurseChoice
{
    /// <summary>Sections (款) of the contributions and pensions; items of all others can be what a department is there for.</summary>
    private static readonly string[] PersonnelSections = ["20805", "21011", "22102"];

    private static readonly (string Item, string Economic, string Purpose, int Money)[] Contributions =
    [
        ("2080505", "30108", "缴纳机关事业单位基本养老保险单位部分", 70),
        ("2080506", "30109", "缴纳职业年金单位部分", 35),
        ("2101101", "30110", "缴纳职工基本医疗保险单位部分", 35),
        ("2101103", "30111", "缴纳公务员医疗补助", 15),
        ("2210201", "30113", "缴纳住房公积金单位部分", 60),
    ];

    private static readonly (string Economic, string Purpose, int Postings)[] Office =
    [
        ("30101", "发放基本工资", 10), ("30102", "发放津贴补贴", 8), ("30103", "发放奖金", 3), ("30107", "发放绩效工资", 8),
        ("30112", "缴纳失业保险、工伤保险单位部分", 4), ("30199", "发放编外聘用人员工资", 2), ("30201", "购买办公用品", 12),
        ("30202", "支付印刷费", 4), ("30205", "支付水费", 3), ("30206", "支付电费", 4), ("30207", "支付电话费、网络专线费", 6),
        ("30209", "支付物业管理及保洁费", 3), ("30211", "报销差旅费", 12), ("30213", "支付办公设备维修费", 4), ("30216", "支付业务培训费", 2),
        ("30217", "支付公务接待费", 2), ("30226", "支付劳务费", 4), ("30228", "拨缴工会经费", 2), ("30229", "支付福利费", 2),
        ("30231", "支付公务用车燃料费、维修费", 3), ("30239", "发放公务交通补贴", 3), ("30299", "支付其他商品和服务支出", 5),
    ];

    private static readonly (string Economic, string Purpose, int Postings)[] Work =
    [
        ("30201", "购买业务用品", 6), ("30202", "印制宣传材料", 6), ("30211", "报销业务差旅费", 6), ("30213", "支付系统维护费", 3),
        ("30216", "支付业务培训费", 3), ("30226", "支付业务劳务费", 5), ("30227", "支付委托业务费", 5), ("31002", "购置办公设备", 2),
        ("31007", "购置软件", 1),
    ];

    private static readonly string[] Projects =
        ["信息系统运行维护经费", "业务档案整理经费", "政策宣传经费", "办公用房维修经费", "专项检查经费", "便民服务窗口经费", "业务能力建设经费"];

    /// <summary>The economic items that a budget is given for by themselves, as the forms compare them with it (“三公”经费).</summary>
    public static readonly IReadOnlyList<string> BudgetedApart = ["30217", "30231"];

    /// <summary>Makes up what a department has money for.</summary>
    /// <param name="charts">The charts of all its years; only codes that are in each of them are used.</param>
    public static IReadOnlyList<Purse> Of(IReadOnlyList<ChartOfAccounts> charts, Chance chance)
    {
        var items = charts[0].Functions.Where(f => f.IsItem && charts.All(c => c.IsLeaf(f))).ToList();
        var offices = items.Where(f => !PersonnelSections.Contains(f.Parent.ToString())).ToList();
        chance.Shuffle(offices);
        var (office, work) = (Uses(Office, charts), Uses(Work, charts));
        List<Purse> purses = [Basic(offices[0], (int)chance.Between(350, 550), 620, office)];
        foreach (var (item, economic, purpose, money) in Contributions)
        {
            if (items.Contains(new(item)))
            {
                purses.Add(Basic(new(item), money * (int)chance.Between(80, 120) / 100, 12, Uses([(economic, purpose, 1)], charts)));
            }
        }

        if (chance.InHundred(40) && items.Contains(new("2080502")))
        {
            purses.Add(Basic(new("2080502"), (int)chance.Between(5, 30), 12, Uses([("30302", "发放退休人员生活补贴", 1)], charts)));
        }

        var names = Projects.ToList();
        chance.Shuffle(names);
        for (var n = (int)chance.Between(1, 5); n > 0; n--)
        {
            purses.Add(new(
                offices[(int)chance.Between(0, Math.Min(2, offices.Count - 1))], Fund.GeneralPublicBudget, SpendingKind.Project, names[n],
                IncomeSource.FiscalAppropriation, (int)chance.Between(20, 120), (int)chance.Between(30, 90), work));
        }

        purses.Add(new(offices[0], Fund.Other, SpendingKind.Basic, null, IncomeSource.Other, 10, 20, office));
        return purses;
    }

    private static Purse Basic(FunctionCode item, int money, int postings, IReadOnlyList<Use> uses) =>
        new(item, Fund.GeneralPublicBudget, SpendingKind.Basic, null, IncomeSource.FiscalAppropriation, money, postings, uses);

    private static IReadOnlyList<Use> Uses(IEnumerable<(string Economic, string Purpose, int Postings)> uses, IReadOnlyList<ChartOfAccounts> charts) =>
    [
        .. from use in uses
           let economic = new EconomicCode(use.Economic)
           where charts.All(c => c.IsLeaf(economic))
           from each in Enumerable.Repeat(new Use(economic, use.Purpose), use.Postings)
           select each,
    ];
}
