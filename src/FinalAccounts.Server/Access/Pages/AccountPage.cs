using FinalAccounts.Regions;
using Microsoft.AspNetCore.Components;

namespace FinalAccounts.Server.Access.Pages;

/// <summary>A page about accounts or a part of one, with its request and its texts.</summary>
public abstract class AccountPage : ComponentBase
{
    [CascadingParameter]
    public HttpContext Context { get; set; } = null!;

    /// <summary>In the reader's language.</summary>
    protected Words Texts => AccessTexts.Of(Context);
}
