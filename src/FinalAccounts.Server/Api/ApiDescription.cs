using FinalAccounts.Server.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FinalAccounts.Server.Api;

/// <summary>The description of the API (OpenAPI 3.1), made from the routes and their comments.</summary>
public static class ApiDescription
{
    public const string Name = "v1";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.RelativePath?.StartsWith(ApiModule.Prefix.TrimStart('/'), StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = Language.Chinese["ApiTitle"], Version = "1", Description = Language.English["ApiTitle"] };

            // Where the server listens is no part of the description.
            document.Servers = [];
            return Task.CompletedTask;
        });
    }

    /// <summary>The description as a resource; anybody may read it.</summary>
    public static void Map(WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").Needs(Right.Anything);

    /// <summary>The text of docs/openapi.json.</summary>
    public static async Task<string> TextAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(cancellationToken);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken) + "\n";
    }
}
