using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace WebSub.Server;

/// <summary>What describes the API, <c>/openapi/v1.json</c>, and a page that shows it, which loads nothing from elsewhere.</summary>
internal static class ApiPage
{
    public const string Path = "/docs";

    private const string Document = "/openapi/v1.json";

    /// <summary>The page's own script and styles are inline; nothing of other origins is loaded, and nothing is sent there.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Add(WebApplicationBuilder builder) =>
        builder.Services.AddOpenApi(o =>
            o.AddDocumentTransformer(
                (document, _, _) =>
                {
                    Describe(document);
                    return Task.CompletedTask;
                }
            )
        );

    public static void Map(WebApplication app)
    {
        app.MapOpenApi();
        app.Use(
            (context, next) =>
            {
                if (context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase))
                    context.Response.Headers.ContentSecurityPolicy = Policy;
                return next(context);
            }
        );
        app.MapScalarApiReference(
            Path,
            page =>
            {
                page.Title = "WebSub hub";
                page.OpenApiRoutePattern = Document;
                page.DefaultFonts = false;
                page.Telemetry = false;
                page.Agent = new() { Disabled = true };
                page.Mcp = new() { Disabled = true };
                page.HideClientButton = true;
                page.DefaultHttpClient = new(ScalarTarget.Shell, ScalarClient.Curl);
            }
        );
    }

    private static void Describe(OpenApiDocument document)
    {
        const string Bearer = "bearer";
        document.Info = new()
        {
            Title = "WebSub hub",
            Version = "1",
            Description =
                "Administration, and messages by predicate. The WebSub endpoint itself, `POST /hub`, takes forms, as the W3C "
                + "Recommendation says.",
        };
        // Its address depends on the caller, so it is given relative to this document.
        document.Servers?.Clear();
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            Description = "A key of the hub, or a token of its identity provider. Callers on the hub's own machine may need none.",
        };
        // The second is for those who need none.
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }, []];
    }
}
