namespace WebSub.Server;

/// <summary>The page at <c>/</c>: what this is, and three lines to try.</summary>
internal static class Welcome
{
    public static string Text(string origin) =>
        $"""
            This is a WebSub hub. Its endpoint is {origin}/hub

            Subscribe (the callback must answer the challenge):
              curl {origin}/hub -d hub.mode=subscribe --data-urlencode hub.topic=URL --data-urlencode hub.callback=URL

            Tell that a topic changed; the hub fetches it:
              curl {origin}/hub -d hub.mode=publish --data-urlencode hub.topic=URL

            Publish content itself (from this machine, or with -H "Authorization: Bearer KEY"):
              curl "{origin}/hub?hub.mode=publish&hub.topic=URL" -H "Content-Type: text/plain" --data-binary @FILE

            Messages by predicate are at {origin}/subscriptions and {origin}/messages.
            {origin}/dashboard shows what the hub is doing, {origin}/docs its API.

            """;
}
