using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Publisher.Hubs;
using WebSub.Publisher.Links;
using WebSub.Publisher.Storage;
using WebSub.Values;

namespace WebSub.Publisher.Doctor;

/// <summary>Combines the checks.</summary>
internal sealed class PublisherDoctor(
    IOptions<WebSubPublisherOptions> options,
    PublisherHubs hubs,
    PublisherHttp http,
    PublicationList publications,
    TopicNames names,
    TopicCheck topics
) : IWebSubPublisherDiagnostics
{
    private const int MaxNamed = 20;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WebSubPublisherFinding>> CheckAsync(CancellationToken cancellationToken = default)
    {
        List<WebSubPublisherFinding> findings = [.. CheckSettings()];
        await foreach (var publication in publications.ReadAsync(null, cancellationToken))
        {
            if (publication.LastError is not { } error || publication.LastStatus is not { } status)
                continue;
            var problem = status is >= 300 and < 500 and not (408 or 425 or 429)
                ? WebSubPublisherProblem.HubRefuses
                : WebSubPublisherProblem.HubUnreachable;
            findings.Add(
                new(
                    problem,
                    publication.Hub,
                    $"The hub {publication.Hub} does not know of update {publication.Updates} of {publication.Topic}: {error}"
                )
            );
            if (findings.Count >= MaxNamed)
                break;
        }

        return findings;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<WebSubPublisherFinding>> CheckTopicAsync(string topic, CancellationToken cancellationToken = default) =>
        topics.RunAsync(names.Resolve(topic), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WebSubPublisherFinding>> CheckHubsAsync(string topic, CancellationToken cancellationToken = default)
    {
        var resolved = names.Resolve(topic);
        var answers = await Task.WhenAll(
            hubs.For(resolved).Select(async hub => (Hub: hub, Answer: await http.For(hub).PingAsync(hub.Url, resolved, cancellationToken)))
        );
        return
        [
            .. answers
                .Where(a => !a.Answer.IsAccepted)
                .Select(a => new WebSubPublisherFinding(
                    a.Answer.Outcome is HubOutcome.Refused or HubOutcome.BadRedirect
                        ? WebSubPublisherProblem.HubRefuses
                        : WebSubPublisherProblem.HubUnreachable,
                    a.Hub.Url,
                    $"The hub {a.Hub.Url} does not accept a ping for {resolved}: {a.Answer.Explanation}"
                )),
        ];
    }

    private IEnumerable<WebSubPublisherFinding> CheckSettings()
    {
        foreach (var hub in hubs.All)
        {
            if (!VerbatimUrl.TryCreate(hub.Url, out var url, out _))
                continue;
            var isPrivate = AddressGuard.IsPrivateHost(url);
            if ((hub.ApiKey ?? options.Value.ApiKey) is not null && url.Scheme == Uri.UriSchemeHttp && !isPrivate)
            {
                yield return new(
                    WebSubPublisherProblem.KeyWithoutEncryption,
                    hub.Url,
                    $"The key for the hub {hub.Url} is sent unencrypted; use the hub's https address."
                );
            }

            if (options.Value.PublicUrl is { } mine && !isPrivate && AddressGuard.IsPrivateHost(mine))
            {
                yield return new(
                    WebSubPublisherProblem.TopicNotPublic,
                    mine.OriginalString,
                    $"WebSub:Publisher:PublicUrl is {mine.OriginalString}, an address on this machine or network; "
                        + $"the hub {hub.Url} cannot fetch topics there."
                );
            }
        }
    }
}
