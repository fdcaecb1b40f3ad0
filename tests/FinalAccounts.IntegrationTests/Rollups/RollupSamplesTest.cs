using FinalAccounts.EventLog;
using FinalAccounts.IntegrationTests.EventLog;
using FinalAccounts.Ledger;
using FinalAccounts.Projections;
using FinalAccounts.Projections.Rollups;
using FinalAccounts.Regions;
using FinalAccounts.Reporting;
using FinalAccounts.Reporting.Rollups;
using NodaTime;
using Shouldly;

namespace FinalAccounts.IntegrationTests.Rollups;

/// <summary>The sums over a region are the sums of its departments' documents. Every region of the samples, each with all of its books.</summary>
[Collection(LogServerCollection.Name)]
public sealed class RollupSamplesTest(LogServer server)
{
    private static readonly string Samples = Path.GetFullPath(Path.Combine(Cli.Fa.Sample, ".."));

    public static TheoryData<string> Regions => new(
        Directory.EnumerateFiles(Samples, "department.yaml", SearchOption.AllDirectories)
            .Select(f => Importing.Read(Path.GetDirectoryName(f)!).Region.ToString()).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Regions))]
    public async Task Tables_add_up_what_the_documents_say(string region)
    {
        await using var books = await RegionBooks.ImportAsync(server, new(region), Samples);
        foreach (var year in books.Reported.GroupBy(r => r.Year))
        {
            var documents = year.Select(r => r.Document).ToList();
            var spent = Column(documents, "公开03", "本年支出合计");
            var received = Column(documents, "公开02", "本年收入合计");

            // A report of evaluations has no tables: then the books say it.
            var hasTables = documents.All(d => d.AllFigures.Any(f => f.Address.StartsWith("公开03/", StringComparison.Ordinal)));
            var table = await books.Reader.TableAsync(year.Key, RollupAspect.Function, RollupSelection.All, default);

            table.Total.Expenditure.ShouldBe(hasTables ? spent["合计"] : Sum(year, Measure.Expenditure));
            table.Total.Income.ShouldBe(hasTables ? received["合计"] : Sum(year, Measure.Income));
            if (hasTables)
            {
                // Some forms print the items only.
                var rows = table.Rows.Where(r => r.Level == 2 || spent.ContainsKey(r.Key) || received.ContainsKey(r.Key)).ToList();
                NotZero(rows.Select(r => (r.Key, r.Amounts.Expenditure))).ShouldBe(NotZero(spent.Where(s => s.Key != "合计").Select(s => (s.Key, s.Value))), ignoreOrder: true);
                NotZero(rows.Select(r => (r.Key, r.Amounts.Income))).ShouldBe(NotZero(received.Where(s => s.Key != "合计").Select(s => (s.Key, s.Value))), ignoreOrder: true);
                foreach (var kind in Enum.GetValues<SpendingKind>())
                {
                    var ofKind = await books.Reader.TableAsync(year.Key, RollupAspect.Function, new(Kind: kind), default);
                    ofKind.Total.Expenditure.ShouldBe(Column(documents, "公开03", kind.Term())["合计"], kind.Term());
                    ofKind.HasIncome.ShouldBeFalse();
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Regions))]
    public async Task All_aspects_of_a_year_have_one_total_and_the_departments_behind_a_row_add_up_to_it(string region)
    {
        await using var books = await RegionBooks.ImportAsync(server, new(region), Samples);
        foreach (var year in await books.Reader.YearsAsync(default))
        {
            var all = await books.Reader.DepartmentsAsync(year.Year, RollupSelection.All, default);
            year.Departments.Values.Sum().ShouldBe(all.Count);
            Total(all).ShouldBe(year.Amounts);
            foreach (var aspect in Enum.GetValues<RollupAspect>())
            {
                var table = await books.Reader.TableAsync(year.Year, aspect, RollupSelection.All, default);
                (table.Total with { Income = year.Amounts.Income }).ShouldBe(year.Amounts);
                foreach (var row in table.Rows.Where(r => r.Key.Length > 0))
                {
                    var behind = Total(await books.Reader.DepartmentsAsync(year.Year, RollupSelection.All.Narrowed(aspect, row.Key), default));
                    (behind with { Income = table.HasIncome ? behind.Income : row.Amounts.Income }).ShouldBe(row.Amounts, $"{aspect} {row.Key}");
                }
            }

            var progress = await books.Reader.ProgressAsync(year.Year, RollupSelection.All, default);
            progress.Budget.ShouldBe(year.Amounts.Budget);
            progress.Months[^1].Expenditure.ShouldBe(year.Amounts.Expenditure);
        }
    }

    [Fact]
    public async Task A_department_with_units_counts_once_for_each_unit_and_transfers_on_both_sides()
    {
        await using var books = await RegionBooks.ImportAsync(server, new("439900"), Samples);

        var table = await books.Reader.TableAsync(new(2024), RollupAspect.Fund, RollupSelection.All, default);

        // samples/consolidated-2024/README.md, column 合计: 964,248.00 + 509,420.00 + 341,300.00, before 130,000.00 are eliminated.
        table.Total.Expenditure.ShouldBe(1_814_968_00);
        table.Total.Income.ShouldBe(1_824_568_00);
    }

    [Fact]
    public async Task Movers_are_the_differences_of_the_two_years_books()
    {
        await using var books = await RegionBooks.ImportAsync(server, new("430900"), Samples);
        var (now, before) = (books.Of(2024), books.Of(2023));

        (await books.Reader.MoversAsync(new(2024), RollupMoverAspect.Department, 10, default)).ShouldHaveSingleItem().Difference
            .ShouldBe(now.Sum(new(Measure.Expenditure)) - before.Sum(new(Measure.Expenditure)));
        foreach (var mover in await books.Reader.MoversAsync(new(2024), RollupMoverAspect.Function, RollupMovers.Most, default))
        {
            FactFilter item = new(Measure.Expenditure, Function: new FunctionCode(mover.Key));
            (mover.Value, mover.Comparable, mover.Prior).ShouldBe((now.Sum(item), now.Sum(item), before.Sum(item)), mover.Key);
        }

        foreach (var mover in await books.Reader.MoversAsync(new(2024), RollupMoverAspect.Economic, RollupMovers.Most, default))
        {
            FactFilter item = new(Measure.Expenditure, Economics: [new EconomicCode(mover.Key)]);
            (mover.Value, mover.Comparable, mover.Prior).ShouldBe((now.Sum(item), now.Sum(item), before.Sum(item)), mover.Key);
        }
    }

    [Fact]
    public async Task The_first_year_is_compared_with_nothing()
    {
        await using var books = await RegionBooks.ImportAsync(server, new("430900"), Samples);
        foreach (var aspect in Enum.GetValues<RollupMoverAspect>())
        {
            (await books.Reader.MoversAsync(new(2023), aspect, 10, default)).ShouldAllBe(m => m.Prior == null && m.Difference == null && m.Value != 0);
        }
    }

    /// <summary>A column of a table, added up over documents: by row.</summary>
    private static Dictionary<string, Int128> Column(IEnumerable<DisclosureDocument> documents, string table, string column) => documents
        .SelectMany(d => d.AllFigures).Where(f => f.Address.StartsWith(table + "/", StringComparison.Ordinal) && f.Address.EndsWith("/" + column, StringComparison.Ordinal))
        .GroupBy(f => f.Address.Split('/')[1])
        .ToDictionary(g => g.Key, g => g.Aggregate((Int128)0, (sum, f) => sum + f.Exact.Numerator));

    private static List<(string Key, Int128 Value)> NotZero(IEnumerable<(string Key, Int128 Value)> rows) => [.. rows.Where(r => r.Value != 0)];

    private static Int128 Sum(IEnumerable<ReportedYear> reported, Measure measure) =>
        reported.Aggregate((Int128)0, (sum, r) => sum + r.Books.Current.Sum(new(measure)));

    private static RollupAmounts Total(IEnumerable<RollupDepartment> departments) => departments.Aggregate(default(RollupAmounts), (sum, d) => sum + d.Amounts);

    /// <summary>A region of the samples, imported and projected.</summary>
    private sealed class RegionBooks : IAsyncDisposable
    {
        private RegionBooks(IReadOnlyList<ReportedYear> reported, RollupReader reader) => (Reported, Reader) = (reported, reader);

        /// <summary>All departments' years with their documents.</summary>
        public IReadOnlyList<ReportedYear> Reported { get; }

        public RollupReader Reader { get; }

        public YearBooks Of(int year) => Reported.Single(r => r.Year.Value == year).Books.Current;

        public static async Task<RegionBooks> ImportAsync(LogServer server, RegionCode region, string samples)
        {
            await using var database = Database.Of(server.ApplicationConnectionString, server.ApplicationConnectionString);
            await LogSchema.MigrateAsync(server.Owner, region, LogServer.ApplicationRole, default);
            await using var log = await RegionLog.OpenAsync(database, region, SystemClock.Instance, default);
            List<ReportedYear> reported = [];
            var all = Directory.EnumerateFiles(samples, "department.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(f => Importing.Read(Path.GetDirectoryName(f)!)).Where(b => b.Region == region).ToList();
            foreach (var books in all)
            {
                await Importing.ImportAsync(log, "样例", books, default);
            }

            foreach (var books in all)
            {
                reported.Add(await ReportedYear.BuildAsync(log, books.DepartmentCode.ToString(), books.FiscalYear, AsOf.Now, default));
            }

            await new Projector(new(() => server.Application, log.Events, region, SystemClock.Instance)).CatchUpAsync(default);
            return new(reported, await new RegionRollups(server.Application, log.Events, region).OpenAsync(default));
        }

        public ValueTask DisposeAsync() => Reader.DisposeAsync();
    }
}
