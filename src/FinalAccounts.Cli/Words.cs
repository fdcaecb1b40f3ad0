using System.Globalization;
using System.Resources;

namespace FinalAccounts.Cli;

/// <summary>The texts that users read, from Messages.resx (Chinese) and Messages.en.resx.</summary>
internal sealed class Words(CultureInfo culture)
{
    private static readonly ResourceManager Texts = new("FinalAccounts.Cli.Messages", typeof(Words).Assembly);

    /// <summary>For the message functions of the other parts.</summary>
    public CultureInfo Culture { get; } = culture;

    /// <summary>A text, filled with its arguments.</summary>
    /// <exception cref="MissingManifestResourceException">There is no such text.</exception>
    public string this[string name, params IReadOnlyList<object?> arguments] => arguments.Count == 0
        ? Find(name)
        : string.Format(CultureInfo.InvariantCulture, Find(name), [.. arguments]);

    /// <summary>
    /// The language of a command line: <c>--lang</c>, else FINALACCOUNTS_LANG, else LC_ALL or LANG when that is English,
    /// else Chinese.
    /// </summary>
    public static Words For(IReadOnlyList<string> commandLine)
    {
        var given = commandLine
            .Select((word, i) => word.StartsWith("--lang=", StringComparison.Ordinal) ? word["--lang=".Length..]
                : word == "--lang" ? commandLine.ElementAtOrDefault(i + 1)
                : null)
            .FirstOrDefault(w => w is not null);
        var language = new[] { given, Variable("FINALACCOUNTS_LANG"), Variable("LC_ALL"), Variable("LANG") }.FirstOrDefault(l => l is not null);
        var english = language?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true;
        return new(english ? CultureInfo.GetCultureInfo("en") : CultureInfo.InvariantCulture);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private string Find(string name) => Texts.GetString(name, Culture) ?? throw new MissingManifestResourceException($"There is no text '{name}'.");
}
