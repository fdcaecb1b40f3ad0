using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Api;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wolverine.Http;

namespace FinalAccounts.CritterStack.Hosting;

/// <summary>Single records of a department's year: a route for each command of <see cref="CommandCodec"/>.</summary>
public static class CommandEndpoints
{
    private const string Commands = ApiModule.Prefix + YearRoutes.Path + "/commands/";

    [WolverinePost(Commands + "open-fiscal-year")]
    public static Task<IResult> OpenFiscalYear(HttpContext http, string region, string department, int year) => Record<OpenFiscalYear>(http, region, department, year);

    [WolverinePost(Commands + "appropriate-budget")]
    public static Task<IResult> AppropriateBudget(HttpContext http, string region, string department, int year) => Record<AppropriateBudget>(http, region, department, year);

    [WolverinePost(Commands + "supplement-budget")]
    public static Task<IResult> SupplementBudget(HttpContext http, string region, string department, int year) => Record<SupplementBudget>(http, region, department, year);

    [WolverinePost(Commands + "withdraw-budget")]
    public static Task<IResult> WithdrawBudget(HttpContext http, string region, string department, int year) => Record<WithdrawBudget>(http, region, department, year);

    [WolverinePost(Commands + "reallocate-budget")]
    public static Task<IResult> ReallocateBudget(HttpContext http, string region, string department, int year) => Record<ReallocateBudget>(http, region, department, year);

    [WolverinePost(Commands + "receive-income")]
    public static Task<IResult> ReceiveIncome(HttpContext http, string region, string department, int year) => Record<ReceiveIncome>(http, region, department, year);

    [WolverinePost(Commands + "post-expenditure")]
    public static Task<IResult> PostExpenditure(HttpContext http, string region, string department, int year) => Record<PostExpenditure>(http, region, department, year);

    [WolverinePost(Commands + "reverse-expenditure")]
    public static Task<IResult> ReverseExpenditure(HttpContext http, string region, string department, int year) => Record<ReverseExpenditure>(http, region, department, year);

    [WolverinePost(Commands + "use-non-fiscal-surplus")]
    public static Task<IResult> UseNonFiscalSurplus(HttpContext http, string region, string department, int year) => Record<UseNonFiscalSurplus>(http, region, department, year);

    [WolverinePost(Commands + "distribute-surplus")]
    public static Task<IResult> DistributeSurplus(HttpContext http, string region, string department, int year) => Record<DistributeSurplus>(http, region, department, year);

    [WolverinePost(Commands + "determine-carry-over")]
    public static Task<IResult> DetermineCarryOver(HttpContext http, string region, string department, int year) => Record<DetermineCarryOver>(http, region, department, year);

    [WolverinePost(Commands + "report-statistics")]
    public static Task<IResult> ReportStatistics(HttpContext http, string region, string department, int year) => Record<ReportStatistics>(http, region, department, year);

    [WolverinePost(Commands + "set-performance-targets")]
    public static Task<IResult> SetPerformanceTargets(HttpContext http, string region, string department, int year) => Record<SetPerformanceTargets>(http, region, department, year);

    [WolverinePost(Commands + "report-performance-results")]
    public static Task<IResult> ReportPerformanceResults(HttpContext http, string region, string department, int year) => Record<ReportPerformanceResults>(http, region, department, year);

    [WolverinePost(Commands + "report-self-evaluation")]
    public static Task<IResult> ReportSelfEvaluation(HttpContext http, string region, string department, int year) => Record<ReportSelfEvaluation>(http, region, department, year);

    [WolverinePost(ApiModule.Prefix + YearRoutes.Path + "/explanations")]
    public static Task<IResult> WriteExplanation(HttpContext http, string region, string department, int year) => Record<WriteExplanation>(http, region, department, year);

    [WolverinePost(Commands + "import-comparatives")]
    public static Task<IResult> ImportComparatives(HttpContext http, string region, string department, int year) => Record<ImportComparatives>(http, region, department, year);

    [WolverinePost(Commands + "determine-members")]
    public static Task<IResult> DetermineMembers(HttpContext http, string region, string department, int year) => Record<DetermineMembers>(http, region, department, year);

    private static Task<IResult> Record<TCommand>(HttpContext http, string region, string department, int year)
        where TCommand : YearCommand => CommandRoutes.RecordAsync(
            http,
            http.RequestServices.GetRequiredService<LiveRegions>(),
            http.Account(),
            (region, department, year),
            CommandRoutes.Types.Single(t => t.ClrType == typeof(TCommand)),
            http.RequestAborted);
}
