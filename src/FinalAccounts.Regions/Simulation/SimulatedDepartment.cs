using System.Globalization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Regions.Simulation;

/// <summary>A department that is made up, with what stays the same over its years.</summary>
internal sealed class SimulatedDepartment
{
    private static readonly string[] Fields =
        ["社会保险", "就业服务", "劳动监察", "人才交流", "职业技能", "统计调查", "政务服务", "档案管理", "信访接待", "公共信息", "养老服务", "劳动仲裁"];

    private static readonly string[] Offices = ["办公室", "财务科", "业务科", "综合科", "稽核科", "信息科", "窗口服务科", "人事科"];

    /// <summary>Statistics that come from the profile and from the meetings, not from a report of their own.</summary>
    private static readonly string[] Derived =
    [
        EventFacts.PostsApproved, EventFacts.PersonsInService, EventFacts.PersonsRetired, EventFacts.Offices, EventFacts.Subordinates,
        EventFacts.Meetings, EventFacts.MeetingAttendees, EventFacts.MeetingCosts,
    ];

    private readonly int number;
    private readonly Headcount headcount;
    private readonly int offices;
    private readonly string field;

    /// <param name="number">Place in the region, from 0 on.</param>
    /// <param name="charts">The charts of all years that it will have.</param>
    /// <param name="postings">Vouchers of expenditure in a year.</param>
    public SimulatedDepartment(int number, DepartmentCode code, IReadOnlyList<ChartOfAccounts> charts, FormPack form, int postings, Chance chance)
    {
        (this.number, Code, Form, Postings) = (number, code, form, postings);
        field = chance.OneOf(Fields);
        var posts = 5 + (int)(Math.Min(postings, 20_000) * chance.Between(3, 6) / 100);
        headcount = new(posts, posts * (int)chance.Between(80, 98) / 100, posts * (int)chance.Between(20, 60) / 100);
        offices = (int)chance.Between(3, Offices.Length);
        AverageFen = chance.Between(600_000, 1_800_000);
        Purses = PurseChoice.Of(charts, chance);
        Statistics =
        [
            .. form.Statistics.Where(s => !Derived.Contains(s.Key)).Select(s => new Statistic(
                s.Key, chance.Between(0, 8) * (Statistic.IsInHundredths(s.Value) ? 500_000 : 1), s.Value)),
        ];
    }

    public DepartmentCode Code { get; }

    public FormPack Form { get; }

    /// <summary>Vouchers of expenditure in a year; budget, income and reversals come on top.</summary>
    public int Postings { get; }

    /// <summary>What a posting is about.</summary>
    public long AverageFen { get; }

    public IReadOnlyList<Purse> Purses { get; }

    /// <summary>What the form asks for, with its usual value.</summary>
    public IReadOnlyList<Statistic> Statistics { get; }

    /// <summary>The department as the ledger knows it; unknown before <see cref="MasterData"/>.</summary>
    public DepartmentState State { get; private set; } = DepartmentState.Unknown;

    /// <summary>What the department's own stream has.</summary>
    public IReadOnlyList<LedgerEvent> MasterData(IReadOnlyList<FiscalYear> years, Chance chance)
    {
        List<LedgerEvent> events =
            [.. Do(new RegisterDepartment(years[0].FirstDay, Code, string.Create(CultureInfo.InvariantCulture, $"模拟市第{number + 1}{field}中心"), "模拟市"))];
        foreach (var year in years)
        {
            // People come and go within the posts that there are.
            var inService = headcount.InService - (int)chance.Between(0, headcount.InService / 10);
            events.AddRange(Do(new ReviseProfile(
                year.FirstDay, "本单位", [$"承担全市{field}工作。", "完成上级交办的其他工作。"], headcount with { InService = inService },
                null, [.. Offices.Take(offices)], [], [])));
        }

        return events;
    }

    private IReadOnlyList<LedgerEvent> Do(DepartmentCommand command)
    {
        var events = SimulatedYear.Taken(Deciding.Decide(State, command));
        State = events.Aggregate(State, (state, e) => state.Apply(e));
        return events;
    }
}
