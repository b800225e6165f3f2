using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Hub.Predicates;
using Xunit;

namespace WebSub.Hub.Tests.Predicates;

/// <summary>Answers of the predicate API as they go over the wire.</summary>
internal static class PredicateJson
{
    public static (int Status, string Body) Of(IReadOnlyList<PredicateError> errors)
    {
        var context = new DefaultHttpContext
        {
            RequestServices = new ServiceCollection().AddSingleton<ILoggerFactory, LoggerFactory>().BuildServiceProvider(),
        };
        using var body = new MemoryStream();
        context.Response.Body = body;
        // Nothing in it waits: the body is in memory.
#pragma warning disable xUnit1031, VSTHRD002
        PredicateResults.Errors(errors).ExecuteAsync(context).GetAwaiter().GetResult();
#pragma warning restore xUnit1031, VSTHRD002
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }

    public static void AssertErrors(int status, string json, IReadOnlyList<PredicateError> errors)
    {
        var answer = Of(errors);
        Assert.Equal(status, answer.Status);
        AssertSame(json, answer.Body);
    }

    public static void AssertSame(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"Expected: {expected}\nActual:   {actual}");
}
