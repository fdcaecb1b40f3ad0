using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace FinalAccounts.Ledger;

/// <summary>
/// The Chinese term of each value of an enumeration. The term is the word of the forms, of the import files and of the
/// stored events, so that there is one spelling everywhere.
/// </summary>
public static class Terms
{
    /// <summary>The term of a value.</summary>
    /// <exception cref="KeyNotFoundException">The value is not a defined one.</exception>
    public static string Term<T>(this T value) where T : struct, Enum => Cache<T>.ByValue[value];

    /// <summary>The value that has exactly this term.</summary>
    public static bool TryParse<T>(string term, out T value) where T : struct, Enum => Cache<T>.ByTerm.TryGetValue(term, out value);

    /// <summary>All terms, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> All<T>() where T : struct, Enum => Cache<T>.Ordered;

    private static class Cache<T> where T : struct, Enum
    {
        public static readonly IReadOnlyList<string> Ordered = [.. Enum.GetValues<T>().Select(TermOf)];
        public static readonly FrozenDictionary<T, string> ByValue = Enum.GetValues<T>().ToFrozenDictionary(v => v, TermOf);
        public static readonly FrozenDictionary<string, T> ByTerm = Enum.GetValues<T>().ToFrozenDictionary(TermOf, v => v);

        private static string TermOf(T value) =>
            typeof(T).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name;
    }
}
