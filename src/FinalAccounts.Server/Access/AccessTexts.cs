using System.Globalization;
using System.Resources;
using FinalAccounts.Regions;
using FinalAccounts.Server.Pages;

namespace FinalAccounts.Server.Access;

/// <summary>What people read about accounts, from Messages.resx (Chinese) and Messages.en.resx.</summary>
internal static class AccessTexts
{
    private static readonly ResourceManager Texts = new("FinalAccounts.Server.Access.Messages", typeof(AccessTexts).Assembly);

    public static Words Chinese { get; } = new(CultureInfo.InvariantCulture, Texts);

    public static Words English { get; } = new(CultureInfo.GetCultureInfo("en"), Texts);

    /// <summary>In the reader's language.</summary>
    public static Words Of(HttpContext context) => In(Language.Of(context));

    /// <param name="culture">Invariant for Chinese, <c>en</c> for English.</param>
    public static Words In(CultureInfo culture) => culture.Name == English.Culture.Name ? English : Chinese;

    public static string Text(this Words words, AccessException refused) => words["Problem" + refused.Problem, refused.Arguments];
}
