using FinalAccounts.Server.Access;
using FinalAccounts.Server.Api;
using FinalAccounts.Server.Books;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Wolverine.Http;

namespace FinalAccounts.CritterStack.Hosting;

/// <summary>What is done with a year as a whole: submit, close, reopen, publish.</summary>
public static class StepEndpoints
{
    [WolverinePost(ApiModule.Prefix + StepRoutes.SubmitPath)]
    public static Task<IResult> Submit(HttpContext http, string region, string department, int year) => Step(StepRoutes.Submit, http, region, department, year);

    [WolverinePost(ApiModule.Prefix + StepRoutes.ClosePath)]
    public static Task<IResult> Close(HttpContext http, string region, string department, int year) => Step(StepRoutes.Close, http, region, department, year);

    [WolverinePost(ApiModule.Prefix + StepRoutes.ReopenPath)]
    public static Task<IResult> Reopen(HttpContext http, string region, string department, int year) => Step(StepRoutes.Reopen, http, region, department, year);

    [WolverinePost(ApiModule.Prefix + StepRoutes.PublishPath)]
    public static Task<IResult> Publish(HttpContext http, string region, string department, int year) => Step(StepRoutes.Publish, http, region, department, year);

    private static Task<IResult> Step(
        Func<HttpContext, LiveRegions, Account, IClock, string, string, int, CancellationToken, Task<IResult>> step,
        HttpContext http, string region, string department, int year) => step(
            http,
            http.RequestServices.GetRequiredService<LiveRegions>(),
            http.Account(),
            http.RequestServices.GetRequiredService<IClock>(),
            region,
            department,
            year,
            http.RequestAborted);
}
