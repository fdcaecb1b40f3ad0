namespace FinalAccounts.Server.Api;

/// <summary>A request that the API does not answer as it is.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="text">The key of what is wrong; its texts are <c>&lt;key&gt;.title</c> and <c>&lt;key&gt;.detail</c>.</param>
public sealed class ApiException(int status, string text, params object?[] arguments) : Exception(text)
{
    public int Status { get; } = status;

    public string Text { get; } = text;

    public IReadOnlyList<object?> Arguments { get; } = arguments;

    public static ApiException BadRequest(string text, params object?[] arguments) => new(StatusCodes.Status400BadRequest, text, arguments);

    /// <summary>
    /// There is no such thing, or it is not the asker's to see: both read the same, so that nobody learns what there is.
    /// </summary>
    public static ApiException NotFound() => new(StatusCodes.Status404NotFound, "NotFound");
}
