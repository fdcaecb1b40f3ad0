using System.Globalization;
using System.Text.RegularExpressions;
using FinalAccounts.ServerTests;
using Shouldly;

namespace FinalAccounts.BrowserTests;

/// <summary>The colours of the style sheet by the formula of WCAG 2.2: text needs 4.5 to 1, borders of fields and focus 3 to 1.</summary>
public sealed partial class ContrastTest
{
    private static readonly Dictionary<string, string> Colours = Variable().Matches(File.ReadAllText(Repository.File("src/FinalAccounts.Server/wwwroot/app.css")))
        .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value);

    [Theory]
    [InlineData("ink", "paper")]
    [InlineData("ink", "ground")]
    [InlineData("ink", "changed-ground")]
    [InlineData("ink", "info-ground")]
    [InlineData("muted", "paper")]
    [InlineData("muted", "ground")]
    [InlineData("muted", "alarm-ground")]
    [InlineData("on-brand", "brand")]
    [InlineData("on-brand", "link")]
    [InlineData("brand", "paper")]
    [InlineData("brand", "ground")]
    [InlineData("brand", "info-ground")]
    [InlineData("link", "paper")]
    [InlineData("link", "ground")]
    [InlineData("link", "info-ground")]
    [InlineData("link", "alarm-ground")]
    [InlineData("link", "warn-ground")]
    [InlineData("link", "good-ground")]
    [InlineData("link", "changed-ground")]
    [InlineData("alarm", "paper")]
    [InlineData("alarm", "alarm-ground")]
    [InlineData("warn", "warn-ground")]
    [InlineData("good", "paper")]
    [InlineData("good", "good-ground")]
    public void Text_can_be_read(string text, string ground) => Contrast(text, ground).ShouldBeGreaterThanOrEqualTo(4.5);

    [Theory]
    [InlineData("field-line", "paper")]
    [InlineData("focus", "paper")]
    [InlineData("focus", "ground")]
    public void Edges_can_be_seen(string edge, string ground) => Contrast(edge, ground).ShouldBeGreaterThanOrEqualTo(3);

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(Colours[one]), Luminance(Colours[other]));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        var parts = Enumerable.Range(0, 3).Select(i => int.Parse(colour.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d)
            .Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)).ToList();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    [GeneratedRegex("--(?<name>[a-z-]+): (?<value>#[0-9a-f]{6});")]
    private static partial Regex Variable();
}
