using System.Diagnostics;
using System.Text;
using WebSub.LoadTests.Receiving;
using WebSub.Signatures;

namespace WebSub.LoadTests.Sending;

/// <summary>Publishers that each push the next signed update once the last one has its 2xx.</summary>
internal static class Pushing
{
    /// <summary>How many there are, and so how many connections.</summary>
    public const int Publishers = 64;

    /// <summary>An update, signed with the secret of all publishers.</summary>
    public static (byte[] Content, string Signature) Sign(byte[] content) =>
        (content, HubSignature.Compute(SignatureMethod.Sha256, Encoding.UTF8.GetBytes(BareIntakeProgram.Secret), content));

    /// <summary>Pushes, and returns how many a second were taken.</summary>
    /// <param name="client">What sends.</param>
    /// <param name="count">How many updates; a multiple of the number of publishers.</param>
    /// <param name="urlOf">Where a publisher posts to.</param>
    /// <param name="updateOf">An update by its place, from 0.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">One was not taken.</exception>
    public static async Task<double> RateAsync(
        HttpClient client,
        int count,
        Func<int, Uri> urlOf,
        Func<int, (byte[] Content, string Signature)> updateOf,
        CancellationToken cancellationToken
    )
    {
        var from = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(PushAsync));
        return count / Stopwatch.GetElapsedTime(from).TotalSeconds;

        async Task PushAsync(int publisher)
        {
            var url = urlOf(publisher);
            for (var i = publisher; i < count; i += Publishers)
                await PostAsync(client, url, updateOf(i), cancellationToken);
        }
    }

    /// <summary>Posts an update once.</summary>
    /// <exception cref="InvalidOperationException">It was not taken.</exception>
    public static async Task PostAsync(
        HttpClient client,
        Uri url,
        (byte[] Content, string Signature) update,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(update.Content) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", Updates.ContentType);
        request.Headers.TryAddWithoutValidation("X-Hub-Signature", update.Signature);
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            return;
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new InvalidOperationException($"{url} answered {(int)response.StatusCode}: {text}");
    }
}
