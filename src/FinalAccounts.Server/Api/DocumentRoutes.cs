using FinalAccounts.Documents;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;
using Microsoft.Net.Http.Headers;

namespace FinalAccounts.Server.Api;

/// <summary>A form that a document can be had in.</summary>
/// <param name="Name">What <c>?format=</c> calls it, and the file's extension.</param>
/// <param name="MediaType">What Accept calls it.</param>
public sealed record DocumentFormat(string Name, string MediaType, Func<DisclosureDocument, byte[]> Write)
{
    /// <summary>The forms, the one that is given when nothing is asked for first.</summary>
    public static readonly IReadOnlyList<DocumentFormat> All =
    [
        new("json", "application/json", JsonWriter.Write),
        new("html", "text/html", HtmlWriter.Write),
        new("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", DocxWriter.Write),
        new("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XlsxWriter.Write),
    ];

    /// <summary>The form that a request asks for: by <c>format</c>, else by Accept.</summary>
    /// <exception cref="ApiException">There is no such form.</exception>
    public static DocumentFormat Of(HttpRequest request, string? format)
    {
        if (format is not null)
        {
            return All.FirstOrDefault(f => f.Name == format) ?? throw new ApiException(StatusCodes.Status406NotAcceptable, "FormatUnknown", Names);
        }

        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return All[0];
        }

        return accepted.OrderByDescending(a => a.Quality ?? 1)
            .Where(a => a.Quality != 0)
            .Select(a => All.FirstOrDefault(f => MediaTypeHeaderValue.Parse(f.MediaType).IsSubsetOf(a)))
            .FirstOrDefault(f => f is not null)
            ?? throw new ApiException(StatusCodes.Status406NotAcceptable, "FormatUnknown", Names);
    }

    private static string Names => string.Join(", ", All.Select(f => f.Name));
}

/// <summary>The document of a year.</summary>
internal static class DocumentRoutes
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet(YearRoutes.Path + "/document", Document).Needs(Right.ReadBooks)
            .Produces(StatusCodes.Status200OK, null, DocumentFormat.All[0].MediaType, [.. DocumentFormat.All.Skip(1).Select(f => f.MediaType)])
            .AnsweringProblems();

    /// <summary>The document in the form that Accept or <c>format</c> asks for; JSON when neither does.</summary>
    /// <param name="format">json, html, docx or xlsx; before Accept.</param>
    private static Task<IResult> Document(
        HttpContext http, Answers answers, [AsParameters] YearRequest request, string? format = null, CancellationToken cancellationToken = default)
    {
        var wanted = DocumentFormat.Of(http.Request, format);

        // A document is Chinese whoever asks.
        return answers.BytesAsync(
            http, request, $"document|{wanted.Name}", Language.Chinese, wanted.MediaType, FileName(request, wanted),
            async () => Write(wanted, await request.Live.DocumentAsync(request.Query, cancellationToken)));
    }

    private static byte[] Write(DocumentFormat format, DisclosureDocument document) =>
        format.Name == "xlsx" && !document.Tables.Any() && !document.Forms.Any()
            ? throw new ApiException(StatusCodes.Status406NotAcceptable, "NoTables")
            : format.Write(document);

    /// <summary>What is not shown by a browser is saved under a name.</summary>
    private static string? FileName(YearRequest request, DocumentFormat format) =>
        format.Name is "json" or "html" ? null : FormattableString.Invariant($"{request.Department}-{request.Year}.{format.Name}");
}
