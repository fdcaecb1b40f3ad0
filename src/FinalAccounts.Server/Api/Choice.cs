using System.Text.Json;

namespace FinalAccounts.Server.Api;

/// <summary>One of the names of an enumeration in a query, written as in JSON: <c>month</c>, <c>pointsInTime</c>.</summary>
public readonly record struct Choice<T>(T Value)
    where T : struct, Enum
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary>Lets a route take it as a parameter.</summary>
    public static bool TryParse(string? text, out Choice<T> choice)
    {
        var index = Names.ToList().IndexOf(text ?? "");
        choice = index < 0 ? default : new(Enum.GetValues<T>()[index]);
        return index >= 0;
    }
}
