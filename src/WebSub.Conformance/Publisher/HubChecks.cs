using WebSub.Conformance.Checks;
using WebSub.Protocol;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Publisher.PublisherBench>;

namespace WebSub.Conformance.Publisher;

/// <summary>Whether what it names as hubs are such (§3.1). Nothing is subscribed for that.</summary>
internal static class HubChecks
{
    public static readonly IReadOnlyList<Check<PublisherBench>> All =
    [
        Must("P1-hub", "3.1", "Every hub that it names can be reached and answers like one: 4xx to a form without fields.", AreHubsAsync),
    ];

    private static async Task AreHubsAsync(PublisherBench bench)
    {
        foreach (var hub in (await bench.NamedAsync().ConfigureAwait(false)).Hubs)
        {
            var answer = await PostAsync(bench, hub).ConfigureAwait(false);
            if (Fault(answer) is { } fault)
                throw new CheckFailedException($"{hub} answered {answer} to a form without fields: {fault}");
        }
    }

    private static async Task<int> PostAsync(PublisherBench bench, string hub)
    {
        try
        {
            return (await bench.PostAsync(hub, new HubFields()).ConfigureAwait(false)).Status;
        }
        catch (CheckFailedException e)
        {
            throw new CheckFailedException($"{hub}: {e.Message}");
        }
    }

    private static string? Fault(int status) =>
        status switch
        {
            404 or 410 => "there is nothing at this URL",
            405 => "what is there takes no POST",
            502 or 503 or 504 => "the hub is not there now",
            307 or 308 or >= 400 => null,
            >= 300 => "a POST cannot follow that redirect; 307 and 308 it could",
            _ => "a hub refuses it with 4xx",
        };
}
