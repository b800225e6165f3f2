using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using WebSub.Http;

namespace WebSub.Cli.Administration;

/// <summary>The administration API of a hub (<c>/api/v1</c>), which is beside the hub's endpoint.</summary>
internal sealed class HubApi(HttpClient http, string hub, string? apiKey, TimeProvider time)
{
    private const int MaxAnswerBytes = 16 * 1024 * 1024;
    private const int MostOfAPage = 1000;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestAction = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary><c>https://host/prefix/api/v1</c> for the hub <c>https://host/prefix/hub</c>.</summary>
    public string Url { get; } = new Uri(new(hub), "api/v1").GetLeftPart(UriPartial.Path);

    /// <summary>The items of a list, at most so many and a few.</summary>
    public async IAsyncEnumerable<JsonElement> ListAsync(
        string path,
        IEnumerable<(string Name, string? Value)> filters,
        int most,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var query = string.Concat(filters.Where(f => f.Value is not null).Select(f => $"&{f.Name}={Uri.EscapeDataString(f.Value!)}"));
        string? after = null;
        do
        {
            var next = after is null ? "" : $"&after={Uri.EscapeDataString(after)}";
            var page = await SendAsync(
                HttpMethod.Get,
                $"{path}?limit={Math.Min(most, MostOfAPage)}{query}{next}",
                body: null,
                cancellationToken
            );
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                yield return item;
                most--;
            }

            after = Column.Text(page, "next");
        } while (after is not null && most > 0);
    }

    /// <summary>Why a subscriber did or did not get an update of a topic: one with a delivery id or a number, or the newest.</summary>
    public Task<JsonElement> ExplainAsync(string topic, string callback, string? update, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Get,
            $"/explain?topic={Uri.EscapeDataString(topic)}&callback={Uri.EscapeDataString(callback)}"
                + (update is null ? "" : $"&update={Uri.EscapeDataString(update)}"),
            body: null,
            cancellationToken
        );

    /// <summary>Does something that is done with the answer.</summary>
    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>Asks for an action and waits a little for its end; the action as it is then.</summary>
    /// <param name="path">What is asked for.</param>
    /// <param name="body">The particulars.</param>
    /// <param name="progress">Hears of the action whenever it was looked at.</param>
    /// <param name="cancellationToken">Ends the waiting, not the action.</param>
    public async Task<JsonElement> ActAsync(string path, object body, Action<JsonElement> progress, CancellationToken cancellationToken)
    {
        var action = await SendAsync(HttpMethod.Post, path, body, cancellationToken);
        var began = time.GetTimestamp();
        while (Column.Text(action, "doneAt") is null && time.GetElapsedTime(began) < LongestAction)
        {
            progress(action);
            await Task.Delay(Pause, time, cancellationToken);
            action = await SendAsync(HttpMethod.Get, $"/actions/{action.GetProperty("id").GetString()}", body: null, cancellationToken);
        }

        return action;
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(LongestAnswer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(method, Url + path);
            request.Content = body is null ? null : JsonContent.Create(body, options: JsonSerializerOptions.Web);
            if (apiKey is not null)
                request.Headers.Authorization = new("Bearer", apiKey);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var bytes = await BoundedBody.ReadAsync(stream, MaxAnswerBytes, either.Token);
            if (bytes is null)
                throw new HubApiException($"{Url} answered with more than {MaxAnswerBytes / 1024 / 1024} MB.");
            return response.IsSuccessStatusCode ? JsonElement.Parse(bytes) : throw Refused(response, bytes);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubApiException($"{Url} did not answer within {LongestAnswer.TotalSeconds} s.", e);
        }
        catch (HttpRequestException e)
        {
            var cause = e.GetBaseException();
            var advice =
                cause is AddressRefusedException ? Outbound.Hint(refused: true) : " --hub names the hub; websub hub starts one here.";
            throw new HubApiException($"{Url} cannot be reached: {cause.Message.TrimEnd('.')}.{advice}", e);
        }
        catch (JsonException e)
        {
            throw new HubApiException($"{Url} is no administration API: it answered with something that is not JSON.", e);
        }
    }

    private HubApiException Refused(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        var reason = Reason(response, body);
        var advice = apiKey is null ? $" On this command line: --api-key KEY, or {Variables.ApiKey}." : "";
        return new(
            status switch
            {
                401 or 403 => $"{Url} answered {status}{reason}{advice}",
                404 when reason.Length < 2 => $"{Url} is no administration API: it answered 404. Is --hub the hub's endpoint, such as "
                    + "https://hub.example/hub?",
                _ => $"{Url} answered {status}{reason}",
            }
        );
    }

    /// <summary>What the answer says of the reason, after a colon; a full stop if it says nothing.</summary>
    private static string Reason(HttpResponseMessage response, byte[] body)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        try
        {
            if (type == "application/problem+json" && JsonElement.Parse(body).TryGetProperty("detail", out var detail))
                return $": {detail.GetString()}";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return ".";
        }

        return type == "text/plain" && body.Length is > 0 and < 1000 ? $": {System.Text.Encoding.UTF8.GetString(body).Trim()}" : ".";
    }
}
