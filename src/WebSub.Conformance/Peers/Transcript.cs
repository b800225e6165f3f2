using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebSub.Conformance.Checks;
using WebSub.Http;

namespace WebSub.Conformance.Peers;

/// <summary>Writes down what a check sent and received.</summary>
/// <param name="time">The clock.</param>
/// <param name="key">What peers must not find in a report if they send it back: the API key; null for none.</param>
internal sealed class Transcript(TimeProvider time, string? key = null)
{
    // Of a body, and of a header's value.
    private const int Longest = 2000;
    private const int LongestQuote = 200;
    private static readonly string[] SecretHeaders = ["Authorization", "Cookie", "Set-Cookie"];
    private readonly Lock _lock = new();
    private readonly List<Exchange> _exchanges = [];

    public IReadOnlyList<Exchange> Exchanges
    {
        get
        {
            lock (_lock)
                return [.. _exchanges];
        }
    }

    /// <summary>A request of ours and what came back.</summary>
    public void Sent(DateTimeOffset at, HttpRequestMessage request, string body, string answer) =>
        Add(
            new(
                at,
                true,
                $"{request.Method} {request.RequestUri!.OriginalString}\n" + $"{Lines(request.Headers, request.Content?.Headers)}\n{body}",
                answer
            )
        );

    /// <summary>What was said before, on behalf of several checks.</summary>
    public void Include(Transcript other)
    {
        foreach (var exchange in other.Exchanges)
            Add(exchange);
    }

    /// <summary>A request of the peer and what we answered.</summary>
    public void Received(ReceivedRequest request, PeerAnswer answer)
    {
        var headers = request.Headers.Select(h => Line(h.Key, h.Value));
        var lines = answer.Headers.Select(h => $"{h.Key}: {h.Value}");
        Add(
            new(
                request.At,
                false,
                $"{request.Method} {Cut(request.Target)}\n{string.Join('\n', headers)}\n\n{Text(request.Body)}",
                $"{answer.Status}\n{string.Join('\n', lines)}\n\n{Text(answer.Body)}"
            )
        );
    }

    /// <summary>What came and is no request.</summary>
    public void Noted(string what, string outcome) => Add(new(Now, false, what, outcome));

    /// <summary>How a body begins, for a sentence: one line that can be printed, without secrets.</summary>
    public string Quote(byte[] body) => Quote(Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, Longest))));

    /// <inheritdoc cref="Quote(byte[])"/>
    public string Quote(string text) => PlainText.Of(Secrets.Hide(Cut(text), key), LongestQuote);

    /// <summary>An answer's status, headers and body.</summary>
    public static string Text(HttpResponseMessage answer, byte[] body) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)answer.StatusCode}\n{Lines(answer.Headers, answer.Content.Headers)}\n{Text(body)}"
        );

    /// <summary>The time, as exchanges are stamped with it.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    private void Add(Exchange exchange)
    {
        lock (_lock)
            _exchanges.Add(exchange with { Request = Secrets.Hide(exchange.Request, key), Answer = Secrets.Hide(exchange.Answer, key) });
    }

    private static string Lines(HttpHeaders headers, HttpHeaders? more)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in headers.NonValidated.Concat(more?.NonValidated ?? default))
        {
            foreach (var value in values)
                text.Append(CultureInfo.InvariantCulture, $"{Line(name, value)}\n");
        }

        return text.ToString();
    }

    private static string Line(string name, string value) => $"{name}: {(IsSecret(name) ? Secrets.Hidden : Cut(value))}";

    private static string Cut(string text) => text.Length > Longest ? $"{text[..Longest]}…" : text;

    private static bool IsSecret(string header) => SecretHeaders.Contains(header, StringComparer.OrdinalIgnoreCase);

    private static string Text(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, Longest)));
        return body.Length > Longest ? string.Create(CultureInfo.InvariantCulture, $"{text}… ({body.Length} bytes)") : text;
    }
}
