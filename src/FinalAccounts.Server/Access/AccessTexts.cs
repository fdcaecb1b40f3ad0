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
    public static Words Of(HttpContext context) => Language.Tag(Language.Of(context)) == "en" ? English : Chinese;

    public static string Text(this Words words, AccessException refused) => words["Problem" + refused.Problem, refused.Arguments];
}
