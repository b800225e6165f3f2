namespace WebSub.Hub.Access;

/// <summary>Decides whether a caller may see or change what is the operator's: with a key of that scope, or from this machine.</summary>
internal sealed class OperatorAccess(CallerReader callers)
{
    /// <summary>The answer that refuses the caller, with a sentence that says what it needs; null if it may go on.</summary>
    public async ValueTask<IResult?> RefuseAsync(HttpContext context, ApiScope scope)
    {
        var caller = await callers.ReadAsync(context);
        if (caller.May(scope))
            return null;
        var name = scope.ToString().ToLowerInvariant();
        if (caller.KeyName is not null)
        {
            return TypedResults.Problem(
                $"The key or token is not valid for this: {name} is not among its scopes.",
                statusCode: StatusCodes.Status403Forbidden
            );
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults.Problem(
            caller.HasWrongKey
                ? callers.KnowsTokens
                    ? "The key or token is not good for this hub."
                    : "The key is not one of this hub's."
                : $"This needs a key with the scope {name}: Authorization: Bearer KEY, with a key of "
                    + "WebSub:Administration:ApiKeys or of websub keys create."
                    + (callers.TrustsLocal ? " Callers on the hub's own machine need none." : ""),
            statusCode: StatusCodes.Status401Unauthorized
        );
    }
}
