namespace WebSub.Hub.Administration;

/// <summary>What OpenAPI says about the administration API.</summary>
internal static class AdministrationDescriptions
{
    /// <summary>Says what a request does, and how it can be refused.</summary>
    /// <param name="endpoint">The request.</param>
    /// <param name="scope">What its caller's key must allow.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    /// <param name="failures">Statuses of refusals besides those that every request has.</param>
    public static void Describe(this RouteHandlerBuilder endpoint, ApiScope scope, string summary, params ReadOnlySpan<int> failures)
    {
        var name = scope.ToString().ToLowerInvariant();
        endpoint.WithSummary(summary).WithDescription($"Needs a key or token with the scope `{name}`, or a local caller.");
        foreach (var status in (int[])[.. failures, 401, 403])
            endpoint.ProducesProblem(status);
        endpoint.Produces(StatusCodes.Status503ServiceUnavailable, contentType: "text/plain");
    }
}
