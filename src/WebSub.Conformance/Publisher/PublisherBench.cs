using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;

namespace WebSub.Conformance.Publisher;

/// <summary>What a check works with: the visit and the change that all checks share, requests of its own, and a transcript.</summary>
internal sealed class PublisherBench(
    PublisherCheckOptions options,
    PageVisit page,
    ChangeWatch change,
    OwnHub own,
    TopicReader reader,
    HttpClient http,
    TimeProvider time,
    CancellationToken over
) : ICheckBench
{
    private readonly Transcript _transcript = new(time);

    /// <inheritdoc/>
    public IReadOnlyList<Exchange> Exchanges => _transcript.Exchanges;

    /// <inheritdoc/>
    public string? Remark { get; set; }

    public PublisherCheckOptions Options => options;

    /// <inheritdoc cref="PageVisit.ReadAsync"/>
    public Task<Visit> PageAsync() => IncludingAsync(page.Transcript, page.ReadAsync);

    /// <inheritdoc cref="PageVisit.NamedAsync"/>
    public Task<Visit> NamedAsync() => IncludingAsync(page.Transcript, page.NamedAsync);

    /// <inheritdoc cref="PageVisit.TopicAsync"/>
    public Task<(Visit Page, string Self)> TopicAsync() => IncludingAsync(page.Transcript, page.TopicAsync);

    /// <inheritdoc cref="ChangeWatch.ObserveAsync"/>
    public Task<Change> ChangeAsync() => IncludingAsync(change.Transcript, change.ObserveAsync);

    /// <summary>The check's own hub, which a publisher may name.</summary>
    public string OwnHub => own.Url;

    public bool IsOwnHub(string hub) => own.Is(hub);

    public Task<Visit> GetAsync(string url, string accept = "*/*") => reader.ReadAsync(url, _transcript, over, accept: accept);

    public Task<Visit> HeadAsync(string url) => reader.ReadAsync(url, _transcript, over, HttpMethod.Head);

    /// <summary>A form to a hub.</summary>
    public Task<HubAnswer> PostAsync(string hub, HubFields fields) =>
        new HubCaller(http, _transcript, time, options.Patience).PostAsync(hub, fields, apiKey: null, over);

    private async Task<T> IncludingAsync<T>(Transcript shared, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _transcript.Include(shared);
        }
    }
}
