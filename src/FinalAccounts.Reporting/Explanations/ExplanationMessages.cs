using System.Globalization;
using System.Resources;

namespace FinalAccounts.Reporting;

/// <summary>Words of explanations; Chinese in the invariant culture.</summary>
internal static class ExplanationMessages
{
    private static readonly ResourceManager Resources = new("FinalAccounts.Reporting.Explanations.Messages", typeof(ExplanationMessages).Assembly);

    public static string Text(string key, CultureInfo culture, params object[] arguments) => string.Format(
        CultureInfo.InvariantCulture, Resources.GetString(key, culture) ?? throw new MissingManifestResourceException(key), arguments);
}
