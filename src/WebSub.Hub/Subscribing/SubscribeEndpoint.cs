using Microsoft.Extensions.Options;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Subscribing;

/// <summary>Answers subscribe and unsubscribe: refuses what is malformed, stores the rest, 202; verification comes later (§5.1.2).</summary>
internal sealed class SubscribeEndpoint(IOptions<HubOptions> options, HubHttp http, RequestStore requests, IntentSignal signal, TimeProvider time)
{
    public async Task<IResult> HandleAsync(HubFields fields, CancellationToken cancellationToken)
    {
        var (request, error) = SubscribeForm.Read(fields, options.Value.Lease, http.Guard);
        if (request is null) return HubResults.BadRequest(error!);

        await requests.AddAsync(request, UnixMicroseconds.Now(time), cancellationToken);
        signal.Raise();
        return HubResults.Accepted();
    }
}
