using System.Globalization;
using System.Resources;

namespace FinalAccounts.Reporting;

/// <summary>Words that the program puts into a document of its own; Chinese, because the document is.</summary>
internal static class Messages
{
    private static readonly ResourceManager Resources = new("FinalAccounts.Reporting.Messages", typeof(Messages).Assembly);

    public static string Text(string key, params object[] arguments) => string.Format(
        CultureInfo.InvariantCulture,
        Resources.GetString(key, CultureInfo.InvariantCulture) ?? throw new MissingManifestResourceException(key),
        arguments);
}
