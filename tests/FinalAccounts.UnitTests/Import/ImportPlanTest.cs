using System.Globalization;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Statistics;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

public class ImportPlanTest
{
    [Fact]
    public void The_sample_is_planned_without_a_finding_and_balances()
    {
        using var copy = new BooksCopy();
        var plan = Plan(copy, [], []).Plan!;

        plan.Warnings.Listed.ShouldBeEmpty();
        plan.Recorded.ShouldBe(0);
        plan.Streams.Select(s => (s.Stream, s.ExpectedVersion)).ShouldBe([("department/117005", 0), ("year/117005/2024", 0)]);

        // 2 for the department; opening, 5 budget documents, 15 receipts, 367 postings, 2 reversals, statistics, 3 of
        // performance, 27 explanations, comparatives.
        plan.NewEvents.ShouldBe(2 + 1 + 5 + 15 + 367 + 2 + 1 + 3 + 27 + 1);

        // 841.69 万元 is 收入总计 and 支出总计 of 公开01.
        var totals = YearState.Fold(plan.Streams[1].Events).Totals;
        totals.TotalIncome.ShouldBe(new Money(841_690_000));
        totals.TotalExpenditure.ShouldBe(new Money(841_690_000));
    }

    /// <summary>
    /// An import whose answer was lost may be sent again by a later version of the program, and must not be recorded twice. These are the ids
    /// that the samples had before large lists were read without holding them.
    /// </summary>
    [Theory]
    [InlineData("haidong-2024", "976c939d-1d63-6384-4995-1c0e2fac709b")]
    [InlineData("huaihua-2024", "d2212637-0adf-bb1c-1c2f-14f5f1f0ee0f")]
    [InlineData("shuangpai-2023", "8a364a00-caae-bc6b-f690-410830998115")]
    [InlineData("yiyang-2023", "1b148931-b647-799e-b16a-7bfde95c1485")]
    [InlineData("yiyang-2024", "e4161e94-7385-816f-1f00-0234a99dc71f")]
    [InlineData("zhuzhou-2020", "a1b9e9db-8aa1-fda4-8602-a9b322e25483")]
    public void The_same_books_have_the_same_command_id_for_ever(string sample, string commandId)
    {
        using var copy = new BooksCopy(sample);
        Plan(copy, [], []).Plan!.CommandId.ShouldBe(Guid.Parse(commandId));
    }

    /// <summary>More events than are held in memory come back from their file as they were.</summary>
    [Fact]
    public void Rows_in_any_order_give_the_same_plan_also_when_it_is_too_large_to_be_held()
    {
        using var copy = new BooksCopy();
        copy.Replace("department.yaml", "超预算支出: 拒绝", "超预算支出: 警告");
        var rows = Enumerable.Range(0, 15_000)
            .Select(n => $"大-{n / 2:00000},2024-{1 + (n / 2 % 12):00}-05,{new string('办', 100)}{n / 2},2080101,30{201 + (n % 2)},一般公共预算,基本支出,,财政拨款收入,0.01,").ToList();
        copy.Append("expenditure.csv", string.Join('\n', rows));

        using var plan = Plan(copy, [], []).Plan!;
        plan.Streams[1].Events.Sum(e => EventCodec.Encode(e).Body.Length).ShouldBeGreaterThan(ImportLimits.PlannedBytesInMemory);
        var lines = copy.Lines("expenditure.csv");
        copy.Write("expenditure.csv", string.Join('\n', [lines[0], .. lines.Skip(1).Reverse()]) + "\n");
        using var other = Plan(copy, [], []).Plan!;

        other.CommandId.ShouldBe(plan.CommandId);
        other.Streams[1].Events.Select(e => Convert.ToHexString(EventCodec.Encode(e).Body)).ShouldBe(plan.Streams[1].Events.Select(e => Convert.ToHexString(EventCodec.Encode(e).Body)));
        Plan(copy, plan.Streams[0].Events, plan.Streams[1].Events).Plan!.NewEvents.ShouldBe(0);
    }

    [Fact]
    public void Importing_the_same_books_again_changes_nothing()
    {
        using var copy = new BooksCopy();
        var first = Plan(copy, [], []).Plan!;

        var second = Plan(copy, first.Streams[0].Events, first.Streams[1].Events);

        second.Errors.Listed.ShouldBeEmpty();
        second.Plan!.Streams.ShouldBeEmpty();
        second.Plan.Recorded.ShouldBe(first.NewEvents);
    }

    [Fact]
    public void Only_what_is_new_is_added()
    {
        using var copy = new BooksCopy();
        var all = copy.Lines("expenditure.csv");
        copy.Write("expenditure.csv", string.Join('\n', all.Where(line => !line.StartsWith("记-12", StringComparison.Ordinal))) + "\n");
        var first = Plan(copy, [], []).Plan!;
        copy.Write("expenditure.csv", string.Join('\n', all) + "\n");

        var second = Plan(copy, first.Streams[0].Events, first.Streams[1].Events).Plan!;

        second.Recorded.ShouldBe(first.NewEvents);
        var added = second.Streams.ShouldHaveSingleItem();
        added.ExpectedVersion.ShouldBe(first.Streams[1].Events.Count);
        added.Events.Select(e => ((ExpenditurePosted)e).Voucher)
            .ShouldBe(all.Where(l => l.StartsWith("记-12", StringComparison.Ordinal)).Select(l => l.Split(',')[0]).Distinct(), ignoreOrder: true);
    }

    [Theory]
    [InlineData("expenditure.csv", 3, "L-VOU-01", "凭证号")]
    [InlineData("income.csv", 3, "L-VOU-01", "凭证号")]
    [InlineData("budget.csv", 12, "L-BUD-01", "文号")]
    public void A_recorded_number_with_other_content_is_refused(string file, int line, string rule, string column)
    {
        using var copy = new BooksCopy();
        var first = Plan(copy, [], []).Plan!;
        var amount = copy.Lines(file)[line - 1].Split(',').Last(cell => cell.Contains('.'));
        copy.ReplaceLine(file, line, copy.Lines(file)[line - 1].Replace(amount, "0.01", StringComparison.Ordinal));

        var result = Plan(copy, first.Streams[0].Events, first.Streams[1].Events);

        result.Plan.ShouldBeNull();
        var error = result.Errors.Listed.First();
        (error.RuleId, error.File, error.Column).ShouldBe((rule, file, column));
        copy.Lines(file)[error.Line!.Value - 1].ShouldContain(error.Value!);
        copy.Lines(file)[line - 1].ShouldContain(error.Value!);
    }

    [Fact]
    public void A_statistic_that_is_corrected_is_reported_anew()
    {
        using var copy = new BooksCopy();
        var first = Plan(copy, [], []).Plan!;
        copy.Replace("statistics.csv", "10278", "10279");

        var second = Plan(copy, first.Streams[0].Events, first.Streams[1].Events).Plan!;

        ((StatisticsReported)second.Streams.Single().Events.Single()).Items.ShouldContain(s => s.Value == 10279);
    }

    [Fact]
    public void A_profile_that_is_revised_goes_to_the_department_alone()
    {
        using var copy = new BooksCopy();
        var first = Plan(copy, [], []).Plan!;
        copy.Replace("department.yaml", "在职人数: 43", "在职人数: 42");

        var second = Plan(copy, first.Streams[0].Events, first.Streams[1].Events).Plan!;

        second.Streams.Single().Stream.ShouldBe("department/117005");
        ((ProfileRevised)second.Streams.Single().Events.Single()).Headcount.InService.ShouldBe(42);
    }

    [Fact]
    public void Spending_beyond_the_budget_is_refused_where_it_stands()
    {
        using var copy = new BooksCopy();
        copy.Append("expenditure.csv", "记-12-900,2024-12-31,超支,2101199,30110,一般公共预算,基本支出,,财政拨款收入,0.01,");
        var line = copy.Lines("expenditure.csv").Length;

        var result = Plan(copy, [], []);

        var error = result.Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.File, error.Line).ShouldBe(("L-BUD-02", "expenditure.csv", line));
    }

    [Fact]
    public void Where_the_region_only_warns_spending_beyond_the_budget_is_a_warning()
    {
        using var copy = new BooksCopy();
        copy.Replace("department.yaml", "超预算支出: 拒绝", "超预算支出: 警告");
        copy.Append("expenditure.csv", "记-12-900,2024-12-31,超支,2101199,30110,一般公共预算,基本支出,,财政拨款收入,0.01,");
        var line = copy.Lines("expenditure.csv").Length;

        var result = Plan(copy, [], []);

        result.Errors.Listed.ShouldBeEmpty();
        var warning = result.Plan!.Warnings.Listed.ShouldHaveSingleItem();
        (warning.RuleId, warning.File, warning.Line).ShouldBe(("L-BUD-02", "expenditure.csv", line));
    }

    [Fact]
    public void Money_is_spent_on_the_day_of_the_supplement_that_allows_it()
    {
        using var copy = new BooksCopy();
        copy.Append("budget.csv", "追加,益财预〔2024〕299号,2024-12-31,补充,2101199,基本支出,,一般公共预算,,0.01");
        copy.Append("expenditure.csv", "记-12-900,2024-12-31,补缴,2101199,30110,一般公共预算,基本支出,,财政拨款收入,0.01,");

        Plan(copy, [], []).Errors.Listed.ShouldBeEmpty();
    }

    /// <summary>The item's budget is spent to the last fen; the posting has the smaller number, so that only the rule puts it behind.</summary>
    [Fact]
    public void What_a_reversal_gives_back_may_be_spent_on_the_same_day()
    {
        using var copy = new BooksCopy();
        var reversed = copy.Lines("expenditure.csv").Last(l => l.Contains(",2101199,", StringComparison.Ordinal)).Split(',')[0];
        copy.Append("expenditure.csv", "记-12-900,2024-12-31,更正,2101199,30110,一般公共预算,基本支出,,财政拨款收入,1.00,");
        copy.Append("expenditure.csv", $"记-12-901,2024-12-31,冲销,2101199,30110,一般公共预算,基本支出,,财政拨款收入,-1.00,{reversed}");

        Plan(copy, [], []).Errors.Listed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("记-12-901", "L-REV-01", "冲销凭证号")]
    [InlineData("记-01-001", "L-REV-02", "冲销凭证号")]
    public void A_reversal_of_what_is_no_expenditure_is_refused(string reversed, string rule, string column)
    {
        using var copy = new BooksCopy();
        copy.Append("expenditure.csv", $"记-12-900,2024-12-31,冲销,2080101,30201,一般公共预算,基本支出,,财政拨款收入,-1.00,{reversed}");
        var line = copy.Lines("expenditure.csv").Length;

        var error = Plan(copy, [], []).Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.Line, error.Column, error.Value).ShouldBe((rule, line, column, reversed));
    }

    [Fact]
    public void A_reversal_of_more_than_was_posted_is_refused()
    {
        using var copy = new BooksCopy();
        copy.Replace("expenditure.csv", ",-120.00,", ",-99999.00,");
        var line = Array.FindIndex(copy.Lines("expenditure.csv"), l => l.Contains(",-99999.00,", StringComparison.Ordinal)) + 1;

        // What the refused reversal would have given back is missing later on, so that more may follow.
        var error = Plan(copy, [], []).Errors.Listed[0];
        (error.RuleId, error.Line, error.Column).ShouldBe(("L-REV-04", line, "金额(元)"));
    }

    [Fact]
    public void A_closed_year_is_refused_once_and_not_once_per_voucher()
    {
        using var copy = new BooksCopy();
        var first = Plan(copy, [], []).Plan!;
        var closed = new FinalAccounts.Ledger.Closing.YearClosed(
            new(2024, 12, 31), new(841_690_000), new(841_690_000), new(1, new string('0', 64)));
        copy.Append("income.csv", "记-12-901,2024-12-31,入账,2080101,财政拨款收入,一般公共预算,1.00");
        copy.Append("income.csv", "记-12-902,2024-12-31,入账,2080101,财政拨款收入,一般公共预算,1.00");

        Plan(copy, first.Streams[0].Events, [.. first.Streams[1].Events, closed]).Errors.Listed.ShouldHaveSingleItem().RuleId.ShouldBe("L-YEAR-03");
    }

    [Fact]
    public void The_same_plan_has_the_same_command_id_and_another_state_another()
    {
        using var copy = new BooksCopy();
        var first = Plan(copy, [], []).Plan!;
        Plan(copy, [], []).Plan!.CommandId.ShouldBe(first.CommandId);

        // A value that is changed and changed back: the third import says what an earlier one said, on another state.
        var department = first.Streams[0].Events.ToList();
        var year = first.Streams[1].Events.ToList();
        var ids = new List<Guid> { first.CommandId };
        foreach (var (old, @new) in new[] { ("10278", "10279"), ("10279", "10278"), ("10278", "10279") })
        {
            copy.Replace("statistics.csv", old, @new);
            var plan = Plan(copy, department, year).Plan!;
            ids.Add(plan.CommandId);
            year.AddRange(plan.Streams.Single().Events);
        }

        ids.Distinct().Count().ShouldBe(4);
    }

    /// <summary>However the vouchers are spread over two imports, the books end up with the same totals.</summary>
    [Fact]
    public void Two_partial_imports_lead_to_the_totals_of_one()
    {
        using var whole = new BooksCopy();
        var expected = YearState.Fold(Plan(whole, [], []).Plan!.Streams[1].Events);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            using var copy = new BooksCopy();
            var random = new Random(seed);
            var lines = copy.Lines("expenditure.csv");

            // A reversal needs its posting, so that reversals come with the second import.
            var second = lines[1..].Where(l => l.Contains(",-", StringComparison.Ordinal) || random.Next(2) == 0).Select(l => l.Split(',')[0]).ToHashSet();
            copy.Write("expenditure.csv", string.Join('\n', [lines[0], .. lines[1..].Where(l => !second.Contains(l.Split(',')[0]))]) + "\n");
            var first = Plan(copy, [], []).Plan!;
            copy.Write("expenditure.csv", string.Join('\n', lines) + "\n");
            var rest = Plan(copy, first.Streams[0].Events, first.Streams[1].Events).Plan!;
            var state = YearState.Fold([.. first.Streams[1].Events, .. rest.Streams.SelectMany(s => s.Events)]);
            return state.Totals == expected.Totals && state.Positions.OrderBy(p => p.Key.ToString()).SequenceEqual(expected.Positions.OrderBy(p => p.Key.ToString()));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));
    }

    [Theory]
    [InlineData("")]
    [InlineData("en")]
    public void A_refusal_of_the_ledger_is_told_in_the_ledgers_words(string culture)
    {
        using var copy = new BooksCopy();
        copy.Append("expenditure.csv", "记-12-900,2024-12-31,冲销,2080101,30201,一般公共预算,基本支出,,财政拨款收入,-1.00,记-12-901");
        var error = Plan(copy, [], []).Errors.Listed.Single();

        var language = CultureInfo.GetCultureInfo(culture);
        ImportMessages.Problem(error, language).ShouldContain("记-12-901");
        ImportMessages.Advice(error, language).ShouldNotBeNullOrWhiteSpace();
    }

    private static PlanResult Plan(BooksCopy copy, IReadOnlyCollection<LedgerEvent> department, IReadOnlyCollection<LedgerEvent> year)
    {
        var read = copy.Read();
        read.Errors.Listed.ShouldBeEmpty();
        return ImportPlan.Make(read.Books!, department, year);
    }
}
