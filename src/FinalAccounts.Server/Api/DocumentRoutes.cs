using FinalAccounts.Documents;
using FinalAccounts.Reporting;
using FinalAccounts.Server.Access;
using FinalAccounts.Server.Books;
using Microsoft.Net.Http.Headers;

namespace FinalAccounts.Server.Api;

/// <summary>A form that a document can be had in.</summary>
/// <param name="Name">What <c>?format=</c> calls it, and the file's extension.</param>
/// <param name="MediaType">What Accept calls it.</param>
/// <param name="Write">Null for what is no function of the document alone: a print has its time in it.</param>
public sealed record DocumentFormat(string Name, string MediaType, Func<DisclosureDocument, byte[]>? Write)
{
    /// <summary>The forms, the one that is given when nothing is asked for first.</summary>
    public static readonly IReadOnlyList<DocumentFormat> All =
    [
        new("json", "application/json", JsonWriter.Write),
        new("html", "text/html", HtmlWriter.Write),
        new("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", DocxWriter.Write),
        new("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XlsxWriter.Write),
        new("pdf", "application/pdf", null),
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
        api.MapGet(YearRoutes.Path + "/document", Document).Needs(Right.ReadBooks).AnsweringDocuments();

    /// <summary>The document in the form that Accept or <c>format</c> asks for; JSON when neither does.</summary>
    /// <param name="format">json, html, docx, xlsx or pdf; before Accept.</param>
    internal static Task<IResult> Document(
        HttpContext http, Answers answers, [AsParameters] YearRequest request, string? format = null, CancellationToken cancellationToken = default) =>
        AnswerAsync(http, answers, request.Asked, format, cancellationToken);

    public static Task<IResult> AnswerAsync(HttpContext http, Answers answers, Asked asked, string? format, CancellationToken cancellationToken)
    {
        var wanted = DocumentFormat.Of(http.Request, format);

        if (wanted.Write is not { } write)
        {
            return PrintAsync(http, asked, FileName(asked.Query, wanted), wanted.MediaType, cancellationToken);
        }

        // A document is Chinese whoever asks.
        return answers.BytesAsync(
            http, asked, $"document|{wanted.Name}", Language.Chinese, wanted.MediaType, FileName(asked.Query, wanted),
            async () => Write(wanted, write, await asked.Live.DocumentAsync(asked.Query, cancellationToken)));
    }

    public static RouteHandlerBuilder AnsweringDocuments(this RouteHandlerBuilder route) => route
        .Produces(StatusCodes.Status200OK, null, DocumentFormat.All[0].MediaType, [.. DocumentFormat.All.Skip(1).Select(f => f.MediaType)])
        .Produces(StatusCodes.Status304NotModified)
        .AnsweringProblems(StatusCodes.Status406NotAcceptable);

    /// <summary>A PDF is printed each time; no two are the same bytes, so that it has no entity tag.</summary>
    private static async Task<IResult> PrintAsync(HttpContext http, Asked asked, string? fileName, string mediaType, CancellationToken cancellationToken)
    {
        var document = await asked.Live.DocumentAsync(asked.Query, cancellationToken);
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Bytes(await PdfWriter.WriteAsync(document, cancellationToken), mediaType, fileName);
    }

    private static byte[] Write(DocumentFormat format, Func<DisclosureDocument, byte[]> write, DisclosureDocument document) =>
        format.Name == "xlsx" && !document.Tables.Any() && !document.Forms.Any()
            ? throw new ApiException(StatusCodes.Status406NotAcceptable, "NoTables")
            : write(document);

    /// <summary>What is not shown by a browser is saved under a name.</summary>
    private static string? FileName(YearQuery query, DocumentFormat format) =>
        format.Name is "json" or "html" ? null : FormattableString.Invariant($"{query.Department}-{query.Year}.{format.Name}");
}
