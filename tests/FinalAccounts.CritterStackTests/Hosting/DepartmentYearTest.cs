using FinalAccounts.CritterStack.Projecting;
using FinalAccounts.Ledger;
using Marten;
using Marten.Events;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace FinalAccounts.CritterStackTests.Hosting;

/// <summary>The sums that the projection daemon keeps are those of the live fold.</summary>
[Collection(IntegrationTests.EventLog.LogServerCollection.Name)]
public sealed class DepartmentYearTest(WolverineHost host) : IClassFixture<WolverineHost>
{
    [Fact]
    public async Task What_the_daemon_keeps_is_what_the_live_fold_gives()
    {
        var department = await host.Host.NewDepartmentAsync();
        await department.OpenAsync();
        await department.RecordAsync("commands/withdraw-budget", Books.Budget("扣-1", 100_000));
        await department.RecordAsync("commands/receive-income", Books.Income("收-1", 700_000));
        await department.RecordAsync("commands/post-expenditure", Books.Expenditure("支-1", 700_000));
        await department.RecordAsync("commands/reverse-expenditure", Books.Reversal("支-2", "支-1", 50_000));
        var store = host.Host.App.Services.GetRequiredService<IDocumentStore>();

        await store.WaitForNonStaleProjectionDataAsync(TimeSpan.FromSeconds(60));

        await using var session = store.QuerySession();
        var kept = (await session.LoadAsync<DepartmentYear>(Streams.Year(department.Code, new(2024))))!;
        var live = host.Host.Live.Year(department.Code, new(2024))!;
        (kept.Status, kept.Version).ShouldBe((live.Status, live.Version));
        (kept.Budget, kept.AdjustedBudget, kept.Income, kept.Expenditure)
            .ShouldBe((live.Budget, live.AdjustedBudget, live.Income, live.Expenditure));
        (kept.Budget, kept.AdjustedBudget, kept.Income, kept.Expenditure).ShouldBe(((Int128)1_000_000, (Int128)900_000, (Int128)700_000, (Int128)650_000));
    }
}
