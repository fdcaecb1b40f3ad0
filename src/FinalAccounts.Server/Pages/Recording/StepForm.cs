namespace FinalAccounts.Server.Pages.Recording;

/// <summary>What the forms of a year's steps send: submit, close, reopen, publish.</summary>
public sealed class StepForm
{
    /// <summary>The version of the year that was shown.</summary>
    public string? Version { get; set; }

    public string? Date { get; set; }

    public string? Reason { get; set; }

    public string? Authority { get; set; }
}
