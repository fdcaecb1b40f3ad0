namespace FinalAccounts.Server.Pages;

/// <summary>A page can't be shown; the text is for the reader, in the reader's language.</summary>
/// <param name="status">The HTTP status: 404 for what is not there, 400 for an address that means nothing.</param>
public sealed class PageException(int status, string text) : Exception(text)
{
    public int Status { get; } = status;
}
