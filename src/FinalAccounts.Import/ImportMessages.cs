using System.Globalization;
using System.Resources;
using FinalAccounts.Ledger.Rules;

namespace FinalAccounts.Import;

/// <summary>
/// The words of an error, in Chinese or, for a culture whose language is English, in English: what is wrong, where, and what
/// to do. The words for the ledger's own rules are the ledger's.
/// </summary>
public static class ImportMessages
{
    private static readonly ResourceManager Resources = new("FinalAccounts.Import.Messages", typeof(ImportMessages).Assembly);

    /// <summary>What was wrong.</summary>
    public static string Problem(ImportError error, CultureInfo culture) =>
        IsOfLedger(error) ? RuleCatalogue.Find(error.RuleId).Message(culture, error.Arguments) : Text(error.RuleId, error.Arguments, culture);

    /// <summary>What to do about it.</summary>
    public static string Advice(ImportError error, CultureInfo culture) =>
        IsOfLedger(error) ? RuleCatalogue.Find(error.RuleId).Remedy(culture) : Text($"{error.RuleId}.advice", error.Arguments, culture);

    /// <summary>File, line and column.</summary>
    public static string Place(ImportError error, CultureInfo culture) => (error.Line, error.Column) switch
    {
        (null, null) => error.File,
        (null, { } column) => Text("place-key", [error.File, column], culture),
        ({ } line, null) => Text("place-line", [error.File, $"{line}"], culture),
        ({ } line, { } column) => Text("place-column", [error.File, $"{line}", column], culture),
    };

    /// <summary>That there are more errors than were listed; null when there are not.</summary>
    public static string? More(ImportErrors errors, CultureInfo culture) => errors.Count > errors.Listed.Count
        ? Text("more", [$"{errors.Count - errors.Listed.Count}", $"{errors.Count}"], culture)
        : null;

    private static bool IsOfLedger(ImportError error) => !error.RuleId.StartsWith("I-", StringComparison.Ordinal);

    private static string Text(string key, IReadOnlyList<string> arguments, CultureInfo culture) => string.Format(
        CultureInfo.InvariantCulture,
        Resources.GetString(key, culture) ?? throw new MissingManifestResourceException(key),
        [.. arguments]);
}
