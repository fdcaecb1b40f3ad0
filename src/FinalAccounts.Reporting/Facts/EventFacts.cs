using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;

namespace FinalAccounts.Reporting;

/// <summary>The only place that knows what an event means for the accounts.</summary>
public static class EventFacts
{
    /// <summary>Statistics that the program itself derives from a department's profile and meetings.</summary>
    public const string PostsApproved = "编制人数";
    public const string PersonsInService = "在职人数";
    public const string PersonsRetired = "退休人数";
    public const string Offices = "内设科室";
    public const string Subordinates = "所属单位";
    public const string Meetings = "会议次数";
    public const string MeetingAttendees = "会议人数";
    public const string MeetingCosts = "会议开支";

    /// <summary>What the event says; nothing for events that only carry text or state.</summary>
    public static IEnumerable<Fact> Of(LedgerEvent @event) => @event switch
    {
        FiscalYearOpened e =>
            [.. e.OpeningBalances.Select(l => Balance(Measure.OpeningBalance, l)), .. e.Standards.Select(Statistic)],
        BudgetAppropriated e => e.Lines.Select(l => Budget(Measure.InitialBudget, l)),
        BudgetSupplemented e => e.Lines.Select(l => Budget(Measure.Supplement, l)),
        BudgetWithdrawn e => e.Lines.Select(l => Budget(Measure.Withdrawal, l, -1)),
        BudgetReallocated e =>
            [.. e.From.Select(l => Budget(Measure.Reallocation, l, -1)), .. e.To.Select(l => Budget(Measure.Reallocation, l))],
        IncomeReceived e => e.Lines.Select(l =>
            new Fact(new(Measure.Income, l.Function, Fund: l.Fund, Source: l.Source, Counterparty: l.Counterparty), l.Amount.Fen)),
        ExpenditurePosted e => e.Lines.Select(l => Posting(l)),
        ExpenditureReversed e => e.Lines.Select(l => Posting(l, -1)),
        NonFiscalSurplusUsed e => [new(new(Measure.NonFiscalSurplusUsed, Fund: Fund.Other), e.Amount.Fen)],
        SurplusDistributed e => [new(new(Measure.SurplusDistributed, Fund: Fund.Other), e.Amount.Fen)],
        CarryOverDetermined e =>
        [
            // Says "nothing is carried over" too, when there are no lines.
            new(new(Measure.CarryOver), 0, "carry-over"),
            .. e.Lines.Select(l => Balance(Measure.CarryOver, l) with { Replaces = "carry-over" }),
        ],
        StatisticsReported e => [.. e.Items.Select(Statistic), .. e.Meetings is { } meetings ? MeetingStatistics(meetings) : []],
        ProfileRevised e =>
        [
            .. Persons(PostsApproved, e.Headcount.Approved),
            .. Persons(PersonsInService, e.Headcount.InService),
            .. Persons(PersonsRetired, e.Headcount.Retired),
            Statistic(new(Offices, e.Offices.Count, "个")),
            Statistic(new(Subordinates, e.Subordinates.Count, "个")),
        ],
        ComparativesImported e => e.Items.Select(i =>
            new Fact(new(Measure.Comparative, Name: ComparativeName(e.Year, i.Quantity)), i.Amount.Fen, $"comparative/{e.Year}/{i.Quantity}")),
        PerformanceTargetsSet e =>
        [
            // Says "the execution rate is not scored" too.
            new(new(Measure.ExecutionWeight, Name: Evaluated(e.Project)), e.ExecutionWeightHundredths ?? 0, $"targets/{e.Project}"),
            .. e.Indicators.Select((indicator, i) => new Fact(
                new(Measure.IndicatorWeight, Name: Evaluated(e.Project, IndicatorReference.To(e.Indicators, i))),
                indicator.WeightHundredths, $"targets/{e.Project}")),
        ],
        PerformanceResultsReported e => e.Results.Select(r => new Fact(
            new(Measure.IndicatorResult, Name: Evaluated(e.Project, r.Reference())), 1, $"results/{e.Project}")),
        SelfEvaluationReported { Project: { } project } e =>
        [
            .. Scores(e),
            new(new(Measure.EvaluatedProjects, Fund: e.Fund, Project: project), 1, $"evaluation/{project}"),
            new(new(Measure.EvaluatedFunds, Fund: e.Fund, Project: project), e.Funds?.Fen ?? 0, $"evaluation/{project}"),
            new(new(Measure.ProjectScore, Fund: e.Fund, Project: project), e.ScoreHundredths, $"evaluation/{project}"),
        ],
        SelfEvaluationReported e => [.. Scores(e), new(new(Measure.OverallScore), e.ScoreHundredths, "evaluation")],
        _ => [],
    };

    /// <summary>The name of the fact that holds an earlier year's figure.</summary>
    public static string ComparativeName(FiscalYear year, string quantity) => $"{year}/{quantity}";

    /// <summary>The name of the facts about what is evaluated: a project, or the spending as a whole (null).</summary>
    public static string Evaluated(string? project) => $"{project}/";

    /// <summary>The name of the facts about one of its indicators, as the event names it.</summary>
    public static string Evaluated(string? project, IndicatorReference indicator) => $"{project}/{indicator}";

    private static IEnumerable<Fact> Scores(SelfEvaluationReported e)
    {
        var group = e.Project is null ? "evaluation" : $"evaluation/{e.Project}";
        if (e.ExecutionScoreHundredths is { } execution)
        {
            yield return new(new(Measure.ExecutionScore, Name: Evaluated(e.Project)), execution, group);
        }

        foreach (var score in e.Scores)
        {
            yield return new(new(Measure.IndicatorScore, Name: Evaluated(e.Project, score.Reference())), score.ScoreHundredths, group);
        }
    }

    private static Fact Budget(Measure measure, BudgetLine line, int sign = 1) =>
        new(new(measure, line.Function, line.Economic, line.Fund, line.Kind, line.Project, line.Source), sign * line.Amount.Fen);

    private static Fact Posting(PostingLine line, int sign = 1) =>
        new(
            new(Measure.Expenditure, line.Function, line.Economic, line.Fund, line.Kind, line.Project, line.Source, Counterparty: line.Counterparty),
            sign * line.Amount.Fen);

    private static Fact Balance(Measure measure, BalanceLine line) =>
        new(new(measure, line.Function, Fund: line.Fund, Kind: line.Kind, Project: line.Project), line.Amount.Fen);

    private static Fact Statistic(Statistic item) =>
        new(new(Measure.Statistic, Name: item.Name), item.Value, $"statistic/{item.Name}");

    private static IEnumerable<Fact> Persons(string name, int? number) => number is { } known ? [Statistic(new(name, known, "人"))] : [];

    private static IEnumerable<Fact> MeetingStatistics(IReadOnlyList<Meeting> meetings) =>
    [
        Statistic(new(Meetings, meetings.Count, "次")),
        Statistic(new(MeetingAttendees, meetings.Sum(m => (long)m.Attendees), "人")),
        Statistic(new(MeetingCosts, meetings.Sum(m => m.Cost).Fen, Ledger.Statistics.Statistic.Yuan)),
    ];
}
