using System.Globalization;

namespace FinalAccounts.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Parts">Names of parts, in their order.</param>
/// <param name="Folder">Where the results and the documents made of them go; null when they are only printed.</param>
/// <param name="Marten">The program that measures Marten (<see cref="MartenProcess"/>); null where the feed has no Marten.</param>
internal sealed record BenchmarkOptions(IReadOnlyList<string> Parts, TimeSpan Turn, int Rounds, bool IsLong, string? Folder, string? Marten)
{
    public const string Usage = """
        FinalAccounts.Benchmarks [part …] [--turn seconds] [--rounds n] [--long] [--write folder] [--marten program]
        FinalAccounts.Benchmarks render folder     makes the documents of the folder's performance.json again
        """;

    private const int DefaultRounds = 5;
    private const int RoundsLimit = 100;
    private static readonly TimeSpan DefaultTurn = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(10);

    /// <summary>The arguments that mean the same.</summary>
    public IReadOnlyList<string> ToArguments() =>
    [
        .. Parts,
        "--turn", Turn.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        "--rounds", Rounds.ToString(CultureInfo.InvariantCulture),
        .. IsLong ? ["--long"] : Array.Empty<string>(),
        .. Folder is null ? [] : new[] { "--write", Folder },
        .. Marten is null ? [] : new[] { "--marten", Marten },
    ];

    /// <returns>Null when the arguments are not understood.</returns>
    public static BenchmarkOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkOptions([], DefaultTurn, DefaultRounds, IsLong: false, Folder: null, Marten: null);
        for (var i = 0; i < arguments.Count; i++)
        {
            var next = i + 1 < arguments.Count ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--long":
                    options = options with { IsLong = true };
                    break;
                case "--turn" when double.TryParse(next, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && seconds <= LongestTurn.TotalSeconds:
                    (options, i) = (options with { Turn = TimeSpan.FromSeconds(seconds) }, i + 1);
                    break;
                case "--rounds" when int.TryParse(next, CultureInfo.InvariantCulture, out var rounds) && rounds is > 0 and <= RoundsLimit:
                    (options, i) = (options with { Rounds = rounds }, i + 1);
                    break;
                case "--write" when next.Length > 0:
                    (options, i) = (options with { Folder = next }, i + 1);
                    break;
                case "--marten" when next.Length > 0:
                    (options, i) = (options with { Marten = next }, i + 1);
                    break;
                case var part when Results.Parts.Names.Contains(part):
                    options = options with { Parts = [.. options.Parts, part] };
                    break;
                default:
                    return null;
            }
        }

        return options.Parts.Count == 0
            ? options with { Parts = [.. Results.Parts.Names] }
            : options with { Parts = [.. Results.Parts.Names.Where(options.Parts.Contains)] };
    }
}
