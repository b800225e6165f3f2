#pragma warning disable // Published as it is in docs/guides/from-intergov.md.
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Discovery;
using WebSub.Hub;
using WebSub.Predicates;
using WebSub.Subscriber;

namespace WebSub.HouseRules.Tests.Snippets;

internal static class FromIntergovSnippets
{
    public static async Task Snippet1(PredicateApi predicates, CancellationToken cancellationToken)
    {
        var answer = await predicates.SubscribeAsync(new("UN.CEFACT.TRADE.CO", "https://example.com/messages"), cancellationToken);
    }
}
