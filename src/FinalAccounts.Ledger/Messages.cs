using System.Globalization;
using System.Resources;

namespace FinalAccounts.Ledger;

/// <summary>The texts that users read, from Messages.resx (Chinese) and Messages.en.resx.</summary>
internal static class Messages
{
    private static readonly ResourceManager Texts = new("FinalAccounts.Ledger.Messages", typeof(Messages).Assembly);

    /// <exception cref="MissingManifestResourceException">There is no such text.</exception>
    public static string Get(string name, CultureInfo culture) =>
        Texts.GetString(name, culture) ?? throw new MissingManifestResourceException($"There is no text '{name}'.");
}
