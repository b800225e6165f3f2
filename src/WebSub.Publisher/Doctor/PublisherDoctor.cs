using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Publisher.Hubs;
using WebSub.Publisher.Links;
using WebSub.Publisher.Storage;
using WebSub.Storage;
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
    public Task<IReadOnlyList<WebSubPublisherFinding>> CheckAsync(CancellationToken cancellationToken = default) =>
        GuardedAsync("The publisher's settings and storage", LookAroundAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WebSubPublisherFinding>> CheckTopicAsync(string topic, CancellationToken cancellationToken = default) =>
        TryResolve(topic, out var resolved, out var invalid)
            ? GuardedAsync(resolved, token => topics.RunAsync(resolved, token), cancellationToken)
            : Task.FromResult<IReadOnlyList<WebSubPublisherFinding>>([invalid]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WebSubPublisherFinding>> CheckHubsAsync(string topic, CancellationToken cancellationToken = default) =>
        TryResolve(topic, out var resolved, out var invalid)
            ? GuardedAsync(resolved, token => PingAsync(resolved, token), cancellationToken)
            : Task.FromResult<IReadOnlyList<WebSubPublisherFinding>>([invalid]);

    private bool TryResolve(string topic, out string resolved, [NotNullWhen(false)] out WebSubPublisherFinding? invalid)
    {
        try
        {
            (resolved, invalid) = (names.Resolve(topic), null);
            return true;
        }
        catch (ArgumentException e)
        {
            resolved = "";
            // Without what .NET adds about the parameter.
            var sentence = e.Message.Split(" (Parameter ")[0];
            invalid = new(WebSubPublisherProblem.InvalidTopic, topic ?? "", sentence);
            return false;
        }
    }

    private static async Task<IReadOnlyList<WebSubPublisherFinding>> GuardedAsync(
        string subject,
        Func<CancellationToken, Task<IReadOnlyList<WebSubPublisherFinding>>> check,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await check(cancellationToken);
        }
#pragma warning disable CA1031 // Whoever asks what is wrong gets an answer, whatever it is.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return [new(WebSubPublisherProblem.CheckFailed, subject, $"{subject} could not be checked: {e.GetBaseException().Message}")];
        }
    }

    private async Task<IReadOnlyList<WebSubPublisherFinding>> LookAroundAsync(CancellationToken cancellationToken)
    {
        List<WebSubPublisherFinding> findings = [.. CheckSettings()];
        try
        {
            await AddUntoldAsync(findings, cancellationToken);
        }
        catch (Exception e) when (e is DatabaseException or DbException)
        {
            findings.Add(new(WebSubPublisherProblem.CheckFailed, "database", $"The publisher's database does not answer: {e.Message}"));
        }

        return findings;
    }

    private async Task AddUntoldAsync(List<WebSubPublisherFinding> findings, CancellationToken cancellationToken)
    {
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
    }

    private async Task<IReadOnlyList<WebSubPublisherFinding>> PingAsync(string topic, CancellationToken cancellationToken)
    {
        var mine = hubs.For(topic);
        if (mine.Count == 0)
            return
            [
                new(WebSubPublisherProblem.NoHub, topic, $"No configured hub serves the topic {topic}; no hub is told of its updates."),
            ];
        var answers = await Task.WhenAll(
            mine.Select(async hub => (Hub: hub, Answer: await http.For(hub).PingAsync(hub.Url, topic, cancellationToken)))
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
                    $"The hub {a.Hub.Url} does not accept a ping for {topic}: {a.Answer.Explanation}"
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
