using FinalAccounts.Benchmarks;
using FinalAccounts.Benchmarks.Results;
using Shouldly;

namespace FinalAccounts.ServerTests.Performance;

/// <summary>What the documents say about speed is what was measured, and is judged as the goals say.</summary>
public sealed class PerformanceDocumentsTest
{
    private const string Reference = "reference";
    private const string Other = "other reference";

    public static TheoryData<string> Documents => [.. ResultFiles.Documents.Keys];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_document_in_the_repository_is_made_of_the_results_in_the_repository(string name)
    {
        var results = await ResultFiles.ReadAsync(Repository.File("docs"));

        results.Parts.ShouldNotBeEmpty();
        ResultFiles.Documents[name](results).ShouldBe(await File.ReadAllTextAsync(Repository.File($"docs/{name}")), "run `make docs`");
    }

    [Fact]
    public void Results_are_read_back_as_they_were_written()
    {
        var json = Results(Part("log", "2026-01-01T00:00:00Z")).ToJson();

        PerformanceResults.FromJson(json).ToJson().ShouldBe(json);
        json.ShouldContain("33333");
        json.ShouldNotContain("33333."); // 33,333.3 is kept as a whole number
    }

    [Fact]
    public void A_part_that_is_measured_again_takes_the_place_of_what_was_measured_before()
    {
        var before = Results(Part("log", "2026-01-01T00:00:00Z"), Part("size", "2026-01-01T00:00:00Z"));

        var after = before.With([Part("log", "2026-02-02T00:00:00Z"), Part("read", "2026-02-02T00:00:00Z")], Parts.Names);

        after.Parts.Select(p => $"{p.Name} {p.On.At[..10]}").ShouldBe(["log 2026-02-02", "read 2026-02-02", "size 2026-01-01"]);
    }

    [Theory]
    [InlineData(200, 100, 150, 1.33)] // events a second: 200 / max(100, 150)
    [InlineData(90, 100, 150, 0.6)]
    public void A_goal_against_others_is_held_against_the_best_of_them(double ours, double first, double second, double ratio)
    {
        var got = Goal.Times(1, "the best", Reference, Other).Check(Unit.EventsPerSecond, Turns([ours], [first], [second]));

        got.Got!.Value.ShouldBe(ratio, 0.01);
        got.IsReached.ShouldBe(ratio >= 1);
    }

    [Fact]
    public void A_goal_against_others_is_the_median_of_the_ratios_of_the_rounds()
    {
        // The medians are 30 and 10.
        var got = Goal.Times(2, "reference", Reference).Check(Unit.EventsPerSecond, Turns([10, 30, 40], [10, 10, 80], [1, 1, 1]));

        got.Got.ShouldBe(1); // 10/10, 30/10 and 40/80
        got.IsReached.ShouldBe(false);
    }

    [Theory]
    [InlineData(Unit.Milliseconds, 4, true)]
    [InlineData(Unit.Milliseconds, 6, false)]
    [InlineData(Unit.EventsPerSecond, 4, false)]
    [InlineData(Unit.EventsPerSecond, 6, true)]
    public void A_value_is_reached_on_the_side_that_is_better_for_its_unit(Unit unit, double value, bool reached) =>
        Goal.Reach(5, unit).Check(unit, Turns([value], [], [])).IsReached.ShouldBe(reached);

    [Fact]
    public void What_could_not_be_measured_is_neither_reached_nor_missed()
    {
        var got = Goal.Times(1, "reference", Reference).Check(Unit.EventsPerSecond, Turns([10], [], [1]));

        got.IsReached.ShouldBeNull();
        PerformanceDocument.Verdict(got).ShouldBe("not measured");
    }

    [Fact]
    public void The_arguments_name_parts_and_how_long_turns_are()
    {
        var options = BenchmarkOptions.Parse(["size", "--turn", "0.2", "log", "--rounds", "3", "--write", "docs", "--marten", "m.dll"])!;

        options.Parts.ShouldBe(["log", "size"]);
        (options.Turn, options.Rounds, options.IsLong, options.Folder, options.Marten).ShouldBe((TimeSpan.FromSeconds(0.2), 3, false, "docs", "m.dll"));
        options.ToArguments().ShouldBe(["log", "size", "--turn", "0.2", "--rounds", "3", "--write", "docs", "--marten", "m.dll"]);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("--turn", "0")]
    [InlineData("--rounds", "1000000")]
    [InlineData("--write")]
    public void Arguments_that_mean_nothing_are_refused(params string[] arguments) => BenchmarkOptions.Parse(arguments).ShouldBeNull();

    private static Dictionary<string, IReadOnlyList<double>> Turns(double[] ours, double[] reference, double[] other) =>
        new() { [Contestant.Ours] = ours, [Reference] = reference, [Other] = other };

    private static PerformanceResults Results(params PartResult[] parts) => new(parts);

    private static PartResult Part(string name, string at) => new(
        name,
        new(at, "processor", 2, 8_192, "6.1", "10.0", "15.1", new Dictionary<string, string> { ["fsync"] = "on" }, "1.0", "0123456789", 1.5, 5),
        [new("title", Unit.EventsPerSecond, [new("ours", [33_333.3], 33_333.3, null, null), new("other", [], null, null, "not there")], [])]);
}
