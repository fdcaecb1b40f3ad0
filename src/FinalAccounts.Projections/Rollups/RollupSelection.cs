using FinalAccounts.Ledger;
using FinalAccounts.Reporting.Rollups;

namespace FinalAccounts.Projections.Rollups;

/// <summary>A part of a region's amounts: the cell of a table whose departments are asked for. A part that is null selects everything.</summary>
/// <param name="Function">The code or a parent of it.</param>
/// <param name="Economic">The code or a parent of it.</param>
public sealed record RollupSelection(FunctionCode? Function = null, EconomicCode? Economic = null, Fund? Fund = null, SpendingKind? Kind = null)
{
    public static readonly RollupSelection All = new();

    public bool IsAll => this == All;

    /// <summary>True when the part can have income: income has neither an economic item nor a kind of spending.</summary>
    public bool HasIncome => Economic is null && Kind is null;

    /// <summary>True when a table of the aspect can be made of the part: the region's sums are kept by function and by economic item apart. Departments
    /// can be asked for any part.</summary>
    /// <param name="aspect">Null for the progress by month.</param>
    public bool Fits(RollupAspect? aspect) =>
        (Function is null || (Economic is null && aspect != RollupAspect.Economic)) && (Economic is null || aspect != RollupAspect.Function);

    /// <summary>A part as somebody has written it: codes, and the terms of fund and kind. What is null or empty selects everything.</summary>
    /// <exception cref="FormatException">A text is no code or term; it is the message.</exception>
    public static RollupSelection Parse(string? function, string? economic, string? fund, string? kind) => new(
        Parse(function, FunctionCode.IsValid, t => new FunctionCode(t)),
        Parse(economic, EconomicCode.IsValid, t => new EconomicCode(t)),
        Parse(fund, t => Terms.TryParse<Fund>(t, out _), Term<Fund>),
        Parse(kind, t => Terms.TryParse<SpendingKind>(t, out _), Term<SpendingKind>));

    /// <summary>The part of it that a row of a table shows.</summary>
    /// <param name="key">Of the row; not empty.</param>
    /// <exception cref="FormatException">The key is no code or term of the aspect; it is the message.</exception>
    public RollupSelection Narrowed(RollupAspect aspect, string key) => aspect switch
    {
        RollupAspect.Function => this with { Function = Parse(key, null, null, null).Function },
        RollupAspect.Economic => this with { Economic = Parse(null, key, null, null).Economic },
        RollupAspect.Fund => this with { Fund = Term<Fund>(key) },
        _ => this with { Kind = Term<SpendingKind>(key) },
    };

    private static T? Parse<T>(string? text, Func<string, bool> isValid, Func<string, T> parse)
        where T : struct => string.IsNullOrEmpty(text) ? null : isValid(text) ? parse(text) : throw new FormatException(text);

    private static T Term<T>(string text)
        where T : struct, Enum => Terms.TryParse<T>(text, out var value) ? value : throw new FormatException(text);
}
