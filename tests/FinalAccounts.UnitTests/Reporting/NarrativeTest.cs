using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Reporting;
using Shouldly;
using Xunit;
using static FinalAccounts.UnitTests.Reporting.Books;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>Every branch that a sentence of the form can need.</summary>
public class NarrativeTest
{
    [Theory]
    [InlineData(30_000, 20_000, "3", "收入总计增加1万元，增长50%。主要原因是项目增加。")]
    [InlineData(15_000, 20_000, "1.5", "收入总计减少0.5万元，减少25%。主要原因是项目增加。")]
    [InlineData(20_000, 20_000, "2", "收入总计持平。主要原因是项目增加。")]
    [InlineData(20_049, 20_000, "2", "收入总计持平。主要原因是项目增加。")] // 20,049 and 20,000 both print as 2.00: no 增加0万元
    [InlineData(20_050, 20_000, "2.01", "收入总计增加0.01万元，增长0.25%。主要原因是项目增加。")]
    public void A_total_is_compared_with_last_year(long now, long before, string printed, string sentence) =>
        new Books().Income(Running, now).Comparatives(("收入总计", before)).Explain("收入总计/比上年", "项目增加。")
            .Text("一、收入支出").ShouldStartWith($"2024年度收入总计{printed}万元。与上一年度相比，{sentence}");

    [Theory]
    [InlineData(100, 100, "完成年初预算的100%。决算数与年初预算数一致，主要原因是：")]
    [InlineData(100, 150, "完成年初预算的150%。决算数大于年初预算数的主要原因是：")]
    [InlineData(100, 50, "完成年初预算的50%。决算数小于年初预算数的主要原因是：")]
    [InlineData(0, 50, "由于年初预算为0万元，无法计算百分比。决算数大于年初预算数的主要原因是：")]
    [InlineData(100, 0, "支出决算为0万元，完成年初预算的0%。决算数小于年初预算数的主要原因是：")]
    public void An_item_is_compared_with_its_initial_budget(long budget, long spent, string sentence)
    {
        var books = new Books();
        if (budget > 0)
        {
            books.Budget(Running, budget * 100);
        }

        if (spent > 0)
        {
            books.Spend(Running, Wages, spent * 100);
        }

        books.Text("1.社会保障和就业支出（类）人力资源和社会保障管理事务（款）行政运行（项）").ShouldContain(sentence);
    }

    [Fact]
    public void Without_an_explanation_the_budget_documents_make_a_draft()
    {
        var block = new Books().Budget(Running, 10_000).Supplement(Running, 5_000, "增人增资", "追1").Withdraw(Running, 1_000, "压减经费", "扣1")
            .Supplement(Housing, 700, "公积金", "追2").Spend(Running, Wages, 14_000).Block("1.社会保障");
        block.Text.ShouldEndWith("主要原因是：年初预算的1万元，扣回压减经费0.1万元，另追加增人增资0.5万元。");
        block.Text.Substring(block.Drafts[0].Start, block.Drafts[0].Length).ShouldBe("年初预算的1万元，扣回压减经费0.1万元，另追加增人增资0.5万元");
        block.Figures.Select(f => f.Address).ShouldContain("说明/五（三）1/2080101/比年初预算/追1");
    }

    [Fact]
    public void Without_explanation_and_budget_documents_the_draft_asks_for_a_reason() =>
        new Books().Spend(Running, Wages, 14_000).Text("1.社会保障").ShouldEndWith("〔草稿：请填写原因〕。");

    [Fact]
    public void A_written_reason_is_no_draft() =>
        new Books().Spend(Running, Wages, 14_000).Explain($"{Running}/比年初预算", "人员增加").Block("1.社会保障").Drafts.ShouldBeEmpty();

    [Fact]
    public void The_structure_lists_each_class_once_with_its_share_of_the_whole() =>
        new Books().Spend(Running, Wages, 30_000).Spend(Housing, "30113", 10_000).Text("（二）一般公共预算财政拨款支出决算结构").ShouldBe(
            "2024年度财政拨款支出4万元，主要用于以下方面：社会保障和就业支出3万元，占75%；住房保障支出1万元，占25%。");

    [Fact]
    public void A_structure_of_nothing_is_one_sentence() =>
        new Books().Text("（二）一般公共预算财政拨款支出决算结构").ShouldBe("2024年度财政拨款支出0万元。");

    [Fact]
    public void Basic_spending_names_only_the_items_that_have_money() =>
        new Books().Spend(Running, Wages, 30_000).Spend(Running, Office, 10_000).Spend(Running, Reception, 10_000).Text("六、").ShouldBe(
            "2024年度一般公共预算财政拨款基本支出5万元，其中：\n人员经费3万元，占基本支出的60%，主要包括：基本工资。\n公用经费2万元，占基本支出的40%，主要包括：办公费、公务接待费。");

    [Fact]
    public void No_basic_spending_is_one_sentence() => new Books().Text("六、").ShouldBe("2024年度一般公共预算财政拨款基本支出0万元。");

    [Theory]
    [InlineData(10_000, 20_000, 15_000, "支出预算为2万元，支出决算为1万元，完成预算的50%，与上年相比减少0.5万元，降低33.33%，决算数小于预算数的主要原因是甲，决算数小于上年数的主要原因是乙。")]
    [InlineData(20_000, 10_000, 10_000, "支出预算为1万元，支出决算为2万元，完成预算的200%，与上年相比增加1万元，增长100%，决算数大于预算数的主要原因是甲，决算数大于上年数的主要原因是乙。")]
    [InlineData(10_000, 10_000, 0, "支出预算为1万元，支出决算为1万元，完成预算的100%，与上年相比增加1万元，由于上年为0万元，无法计算百分比，决算数与预算数一致，主要原因是甲，决算数大于上年数的主要原因是乙。")]
    public void A_three_public_expense_is_compared_with_budget_and_last_year(long spent, long budget, long before, string sentence) =>
        new Books().Budget(Running, budget, Reception).Spend(Running, Reception, spent).Comparatives(("公务接待费", before))
            .Explain("公务接待费/比预算", "甲").Explain("公务接待费/比上年", "乙")
            .Text("（二）“三公”").ShouldContain($"3、公务接待费{sentence}");

    [Fact]
    public void Vehicles_overseas_groups_and_receptions_are_told_when_there_are_any()
    {
        var text = new Books().Spend(Running, "30212", 10_000).Spend(Running, "30231", 20_000).Spend(Running, Reception, 5_000)
            .Statistics(("因公出国（境）团组数", 1), ("因公出国（境）人次", 4), ("公务接待批次", 12), ("公务接待人次", 90), ("更新公务用车", 0), ("公务用车保有量", 2))
            .Text("（二）“三公”");
        text.ShouldContain("全年安排因公出国（境）团组1个，累计4人次。");
        text.ShouldContain("公务用车保有量为2辆");
        text.ShouldContain("全年共接待来访12批次、来宾90人次。");
        text.ShouldNotContain("未安排公务用车运行维护费支出");
    }

    [Fact]
    public void Government_funds_are_told_in_numbers_when_there_are_any() =>
        new Books(2024, new BalanceLine(null, Fund.GovernmentFund, null, null, Yuan(10_000)))
            .Income("2080199", 30_000, fund: Fund.GovernmentFund).Spend("2080199", Office, 40_000, Fund.GovernmentFund, SpendingKind.Project)
            .Text("八、").ShouldBe("示例市示例局2024年度政府性基金预算财政拨款年初结转和结余1万元，本年收入3万元，本年支出4万元，其中：基本支出0万元，项目支出4万元，年末结转和结余0万元。");

    [Fact]
    public void No_government_funds_is_said_so() =>
        new Books().Text("八、").ShouldBe("示例市示例局2024年度没有政府性基金预算收入，也没有使用政府性基金安排的支出，并已公开空表。");

    [Fact]
    public void Meetings_are_listed_with_the_last_content_joined()
    {
        var one = new Meeting("年度工作", "部署全年工作", Yuan(1000), 30);
        var books = new Books().Spend(Running, "30215", 3_000).Statistics(("节庆、晚会、论坛、赛事活动开支", 0));
        books.Add(new StatisticsReported(new(2024, 12, 31), [], [one])).Text("十、")
            .ShouldStartWith("2024年本部门会议费开支0.3万元，召开关于开展年度工作会议，人数30人，内容为部署全年工作。开支培训费0万元，我单位2024年度无培训费开支。");
        books.Add(new StatisticsReported(new(2024, 12, 31), [], [one, one with { Name = "安全生产", Content = "排查隐患" }, one with { Name = "防汛", Content = "布置防汛" }]))
            .Text("十、").ShouldContain("召开关于开展年度工作、安全生产、防汛会议，人数90人，内容为部署全年工作、排查隐患与布置防汛。");
        new Books().Text("十、").ShouldStartWith("2024年本部门会议费开支0万元，我单位2024年度无会议费开支。");
    }

    [Fact]
    public void Training_and_festivals_are_told_when_they_cost_money()
    {
        var text = new Books().Spend(Running, "30216", 8_000).Statistics(("培训人次", 40), ("节庆、晚会、论坛、赛事活动开支", 100_000))
            .Explain("培训费/内容", "业务骨干培训").Explain("节庆、晚会、论坛、赛事活动开支/内容", "丰收节活动").Text("十、");
        text.ShouldContain("开支培训费0.8万元，用于业务骨干培训，培训40人次。");
        text.ShouldEndWith("举办丰收节活动，开支0.1万元。");
    }

    [Fact]
    public void Procurement_has_shares_when_there_is_procurement()
    {
        var text = new Books().Statistics(
            ("政府采购货物支出", 4_000_000), ("政府采购工程支出", 0), ("政府采购服务支出", 6_000_000), ("授予中小企业合同金额", 8_000_000), ("授予小微企业合同金额", 2_000_000),
            ("货物采购授予中小企业合同金额", 4_000_000), ("服务采购授予中小企业合同金额", 4_000_000)).Text("十一、");
        text.ShouldContain("政府采购支出总额10万元");
        text.ShouldContain("授予中小企业合同金额8万元，占政府采购支出总额的80%。其中：授予小微企业合同金额2万元，占授予中小企业合同金额的25%。");
        text.ShouldContain("货物采购授予中小企业合同金额占货物支出金额的100%，由于工程支出总额为0万元，无法计算工程采购授予中小企业合同金额占工程支出金额的百分比，服务采购授予中小企业合同金额占服务支出金额的66.67%。");
    }

    [Fact]
    public void Self_evaluated_projects_are_counted_by_budget()
    {
        var text = new Books().Spend(Running, Office, 400_000)
            .Add(new SelfEvaluationReported(new(2024, 12, 31), "甲项目", Fund.GeneralPublicBudget, Yuan(100_000), 9800, "优秀", []))
            .Add(new SelfEvaluationReported(new(2024, 12, 31), "乙项目", Fund.GeneralPublicBudget, Yuan(40_000), 9000, "优秀", []))
            .Add(new SelfEvaluationReported(new(2024, 12, 31), "乙项目", Fund.GeneralPublicBudget, Yuan(60_000), 9100, "优秀", []))
            .Text("（一）绩效评价工作开展情况");
        text.ShouldContain("涉及项目2个，共涉及资金16万元。其中，一般公共预算项目2个16万元，占一般公共预算支出总额的40%；政府性基金预算项目0个0万元，占政府性基金预算支出总额的0%；");
    }

    [Fact]
    public void Results_quote_reported_statistics_and_end_with_one_full_stop()
    {
        var block = new Books().Budget(Running, 100).Statistics(("办件量", 150)).Add(new StatisticsReported(new(2024, 12, 31), [new("征缴额", 377_400_000_000, "元")], null))
            .Add(new PerformanceResultsReported(new(2024, 12, 31), null, "日均办件{办件量}笔，征缴{征缴额|亿元}亿元，{没有的}。。", "", "改进管理。", null, []))
            .Add(new SelfEvaluationReported(new(2024, 12, 31), null, null, null, 9850, "优秀", [])).Block("（二）绩效评价结果");
        block.Text.ShouldEndWith("绩效自评得分98.5分，评价等级为“优秀”。绩效目标完成情况：日均办件150笔，征缴37.74亿元，〔未填报：没有的〕。下一步改进措施：改进管理。");
        block.Figures.Select(f => f.Address).ShouldContain("说明/十三（二）/征缴额");
    }

    [Fact]
    public void A_department_with_subordinates_lists_them()
    {
        var books = new Books().Add(new ProfileRevised(new(2024, 2, 1), "本部门", [], new(1, 1, 0), "正科级", ["甲科", "乙科"], ["一中心", "二中心"], []));
        books.Text("（二）决算单位构成").ShouldBe("示例市示例局2024年部门决算汇总公开单位构成包括：示例市示例局本级以及2个所属单位，即：一中心、二中心。");
        books.Text("（一）内设机构设置").ShouldEndWith("内设科室2个（正科级），分别为：甲科、乙科。");
    }

    [Fact]
    public void A_profile_of_next_year_does_not_change_this_years_document() =>
        new Books().Add(new ProfileRevised(new(2025, 1, 5), "本部门", [], new(99, 99, 99), null, [], [], [])).Text("（一）内设机构设置").ShouldContain("编制人数10名");

    [Fact]
    public void A_profile_of_last_year_that_is_entered_later_does_not_change_this_years_document() =>
        new Books().Add(new ProfileRevised(new(2023, 12, 31), "本部门", [], new(99, 99, 99), null, [], [], [])).Text("（一）内设机构设置").ShouldContain("编制人数10名");

    [Fact]
    public void Last_year_is_reported_also_when_the_department_was_registered_this_year()
    {
        var registered = new Books(2024).Recorded().First();
        YearBooks.From(new(2023), [registered]).Department.ShouldBe(registered.Event);
    }

    [Fact]
    public void Every_number_stands_in_the_text_where_its_place_says()
    {
        var document = new Books().Budget(Running, 70_000).Income(Running, 80_000).Spend(Running, Wages, 80_000).Comparatives(("收入总计", 90_000)).Report();
        var figures = document.Figures.ToDictionary(f => f.Address);
        foreach (var block in document.Parts.OfType<TextPart>().SelectMany(p => p.Blocks))
        {
            foreach (var placed in block.Figures)
            {
                block.Text.Substring(placed.Span.Start, placed.Span.Length).ShouldBe(figures[placed.Address].Printed);
            }
        }
    }

    [Fact]
    public void Marks_in_a_written_text_do_not_reach_the_document() =>
        new Books().Spend(Running, Wages, 100).Explain($"{Running}/比年初预算", "人\uE000员\uE002增\u0007加").Text("1.社会保障").ShouldEndWith("人员增加。");

    [Fact]
    public void Template_syntax_in_a_written_text_stays_text() =>
        new Books().Spend(Running, Wages, 100).Explain($"{Running}/比年初预算", "见<附件>{{unit}}&").Text("1.社会保障").ShouldContain("见<附件>");
}
