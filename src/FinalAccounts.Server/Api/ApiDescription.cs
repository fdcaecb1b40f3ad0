using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FinalAccounts.Ledger;
using FinalAccounts.Server.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;

namespace FinalAccounts.Server.Api;

/// <summary>The description of the API (OpenAPI 3.1), made from the routes and their comments.</summary>
public static partial class ApiDescription
{
    public const string Name = "v1";

    private const string TokenScheme = "token";

    /// <summary>What the ledger's value types are in JSON.</summary>
    private static readonly Dictionary<Type, Func<OpenApiSchema>> Values = new()
    {
        [typeof(Money)] = () => new() { Type = JsonSchemaType.Integer, Format = "int64", Description = "An amount in fen (1/100 yuan)." },
        [typeof(FiscalYear)] = () => new() { Type = JsonSchemaType.Integer, Minimum = Number(FiscalYear.First), Maximum = Number(FiscalYear.Last) },
        [typeof(LocalDate)] = () => new() { Type = JsonSchemaType.String, Format = "date" },
        [typeof(Instant)] = () => new() { Type = JsonSchemaType.String, Format = "date-time", Description = "In UTC." },
        [typeof(FunctionCode)] = () => new() { Type = JsonSchemaType.String, Pattern = "^[0-9]{3}([0-9]{2}){0,2}$", Description = "功能分类科目." },
        [typeof(EconomicCode)] = () => new() { Type = JsonSchemaType.String, Pattern = "^[0-9]{3}([0-9]{2})?$", Description = "经济分类科目." },
        [typeof(DepartmentCode)] = () => new() { Type = JsonSchemaType.String, Pattern = "^[0-9A-Za-z-]{3,20}$", Description = "预算单位编码." },
        [typeof(Fund)] = Terms<Fund>,
        [typeof(SpendingKind)] = Terms<SpendingKind>,
        [typeof(IncomeSource)] = Terms<IncomeSource>,
        [typeof(OverspendingPolicy)] = Terms<OverspendingPolicy>,
        [typeof(Ledger.Performance.IndicatorScoring)] = Terms<Ledger.Performance.IndicatorScoring>,
    };

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.RelativePath?.StartsWith(ApiModule.Prefix.TrimStart('/'), StringComparison.Ordinal) == true;
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
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

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new() { Title = Language.Chinese["ApiTitle"], Version = "1", Description = Language.English["ApiTitle"] };

        // Where the server listens is no part of the description.
        document.Servers = [];
        document.Components ??= new();
        document.AddComponent(TokenScheme, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "docs/access.md" });
        document.Security = [new() { [new OpenApiSecuritySchemeReference(TokenScheme, document)] = [] }];
        foreach (var schema in (document.Components.Schemas ?? new Dictionary<string, IOpenApiSchema>()).Values.OfType<OpenApiSchema>())
        {
            LeaveOutNulls(schema);
        }
    }

    /// <summary>Members that have nothing to say are left out; they are never null.</summary>
    private static void LeaveOutNulls(OpenApiSchema schema)
    {
        foreach (var (name, property) in schema.Properties?.ToList() ?? [])
        {
            switch (property)
            {
                case OpenApiSchema { Type: { } type } plain when type.HasFlag(JsonSchemaType.Null):
                    plain.Type = type & ~JsonSchemaType.Null;
                    schema.Required?.Remove(name);
                    break;
                case OpenApiSchema { OneOf: [OpenApiSchema { Type: JsonSchemaType.Null }, var one] }:
                    schema.Properties![name] = one;
                    schema.Required?.Remove(name);
                    break;
            }
        }
    }

    private static void Describe(OpenApiSchema schema, Type type)
    {
        if (schema.Description is { } description)
        {
            schema.Description = Spaces().Replace(description, " ");
        }

        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }

        if (type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(Choice<>))
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. ((IEnumerable<string>)type.GetProperty(nameof(Choice<DayOfWeek>.Names))!.GetValue(null)!).Select(n => (JsonNode)JsonValue.Create(n))];
            schema.Properties?.Clear();
            schema.Required?.Clear();
        }

        var isNullable = Nullable.GetUnderlyingType(type) is not null;
        if (Values.TryGetValue(Nullable.GetUnderlyingType(type) ?? type, out var describe))
        {
            var value = describe();
            (schema.Type, schema.Format, schema.Pattern, schema.Enum) = (value.Type | (isNullable ? JsonSchemaType.Null : 0), value.Format, value.Pattern, value.Enum);
            (schema.Minimum, schema.Maximum) = (value.Minimum, value.Maximum);
            schema.Description ??= value.Description;
        }
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var right = metadata.OfType<NeedsAttribute>().LastOrDefault()?.Right;
        operation.Description = $"{operation.Description} Needs the right {right} (docs/access.md).".Trim();
        if (operation.Summary is { } summary)
        {
            operation.Summary = Spaces().Replace(summary, " ");
        }

        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(p => p.Description is null))
        {
            parameter.Description = parameter.Name switch
            {
                "region" => "行政区划代码, 6 digits.",
                "department" => "预算单位编码.",
                "year" => "预算年度.",
                _ => null,
            };
        }

        if (operation.RequestBody?.Content is { } bodies && bodies.TryGetValue(EventRoutes.Lines, out var lines))
        {
            lines.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "{\"command\": name, \"body\": members} on each line." };
        }

        if (metadata.OfType<RecordsAttribute>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(Header(Recordings.KeyHeader, "Makes the request safe to send again: it is recorded once. 1 to 200 characters, one for each request."));
            operation.Parameters.Add(Header("If-Match", "The entity tag of any answer about the year: it must stand at that version."));
        }
    }

    private static OpenApiParameter Header(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static OpenApiSchema Terms<T>()
        where T : struct, Enum =>
        new() { Type = JsonSchemaType.String, Enum = [.. Ledger.Terms.All<T>().Select(t => (JsonNode)JsonValue.Create(t))] };

    private static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
