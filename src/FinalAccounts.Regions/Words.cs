using System.Globalization;
using System.Resources;

namespace FinalAccounts.Regions;

/// <summary>The texts that users read in their language: those of a program, and below them those of this library.</summary>
/// <param name="culture">Invariant for Chinese, <c>en</c> for English.</param>
/// <param name="texts">Looked up in turn, before this library's own.</param>
public sealed class Words(CultureInfo culture, params IReadOnlyList<ResourceManager> texts)
{
    private static readonly ResourceManager Own = new("FinalAccounts.Regions.Messages", typeof(Words).Assembly);

    /// <summary>For the message functions of the other parts.</summary>
    public CultureInfo Culture { get; } = culture;

    /// <summary>A text, filled with its arguments.</summary>
    /// <exception cref="MissingManifestResourceException">There is no such text.</exception>
    public string this[string name, params IReadOnlyList<object?> arguments] => arguments.Count == 0
        ? Find(name)
        : string.Format(CultureInfo.InvariantCulture, Find(name), [.. arguments]);

    private string Find(string name)
    {
        foreach (var source in texts)
        {
            if (source.GetString(name, Culture) is { } found)
            {
                return found;
            }
        }

        return Own.GetString(name, Culture) ?? throw new MissingManifestResourceException($"There is no text '{name}'.");
    }
}
