using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace WebSub.LoadTests.Receiving;

/// <summary>
/// Answers any number of callbacks: <c>/N</c> checks a delivery and answers at once, <c>/slow/N</c> takes ten seconds,
/// <c>/hold/N</c> takes until it is released, <c>/dead/N</c> cuts the connection. A release makes every slow and held callback known so far
/// answer 410 from then on, so that it is over. <c>/drip/N</c> is no callback but a topic that takes minutes to fetch.
/// </summary>
internal sealed class Receiver
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Drip = TimeSpan.FromSeconds(2);
    private const int DripChunk = 64 * 1024;
    private const int DripChunks = 60;
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(5);

    private readonly byte[]?[] _secrets = new byte[]?[ReceiverProgram.MaxCallbacks];
    private byte[] _expected = [];
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _newestHeld = -1;
    private int _retired = -1;
    private int _challenges;
    private int _held;

    public Tally Tally { get; } = new();

    /// <summary>Challenges answered since the start.</summary>
    public int Challenges => Volatile.Read(ref _challenges);

    /// <summary>Slow and held deliveries in flight.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Ends everything slow or held. Returns the time, on the monotonic clock.</summary>
    public long Release()
    {
        _retired = _newestHeld;
        var released = Interlocked.Exchange(ref _released, new(TaskCreationOptions.RunContinuationsAsynchronously));
        var now = Stopwatch.GetTimestamp();
        released.TrySetResult();
        return now;
    }

    public Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/drip/", StringComparison.Ordinal))
            return DripAsync(context);
        var callback = int.Parse(path.AsSpan(path.LastIndexOf('/') + 1));
        var hold =
            path.StartsWith("/slow/", StringComparison.Ordinal) ? Slow
            : path.StartsWith("/hold/", StringComparison.Ordinal) ? Hold
            : TimeSpan.Zero;
        if (HttpMethods.IsGet(context.Request.Method))
            return AnswerChallengeAsync(context, hold > TimeSpan.Zero ? callback : -1);
        if (path.StartsWith("/dead/", StringComparison.Ordinal))
        {
            context.Abort();
            return Task.CompletedTask;
        }

        return hold > TimeSpan.Zero ? HoldAsync(context, callback, hold) : CheckAsync(context, callback);
    }

    private Task AnswerChallengeAsync(HttpContext context, int held)
    {
        _newestHeld = Math.Max(_newestHeld, held);
        Interlocked.Increment(ref _challenges);
        return context.Response.WriteAsync(context.Request.Query["hub.challenge"].ToString());
    }

    private async Task HoldAsync(HttpContext context, int callback, TimeSpan hold)
    {
        Interlocked.Increment(ref _held);
        if (callback > _retired)
            await _released.Task.WaitAsync(hold, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _held);
        if (callback <= _retired)
            context.Response.StatusCode = StatusCodes.Status410Gone;
    }

    private static async Task DripAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html";
        var chunk = new byte[DripChunk];
        // Most of what is allowed at once, then a little now and then, so that the fetch neither ends nor is over the limit.
        for (var i = 0; i < DripChunks && !context.RequestAborted.IsCancellationRequested; i++)
        {
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            if (i > DripChunks / 2)
                await Task.Delay(Drip, TimeProvider.System, context.RequestAborted);
        }
    }

    private async Task CheckAsync(HttpContext context, int callback)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAtLeastAsync(Updates.Size);
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }

        if (Check(read.Buffer, context.Request.Headers["X-Hub-Signature"], callback) is var update and > 0)
            Tally.Received(callback, update);
        else
            Tally.Wrong();
        reader.AdvanceTo(read.Buffer.End);
        context.Response.ContentLength = 0;
    }

    /// <summary>The number of the update; 0 if anything about it is wrong.</summary>
    private int Check(ReadOnlySequence<byte> body, string? signature, int callback)
    {
        if (body.Length != Updates.Size)
            return 0;
        Span<byte> content = stackalloc byte[Updates.Size];
        body.CopyTo(content);
        var update = Updates.NumberOf(content);
        // Others may be at another update at the same time.
        var expected = _expected;
        if (Updates.NumberOf(expected) != update)
            _expected = expected = Updates.Content(update);
        if (!content.SequenceEqual(expected))
            return 0;

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secrets[callback] ??= Encoding.UTF8.GetBytes(Updates.SecretOf(callback)), content, hash);
        Span<char> hex = stackalloc char[HMACSHA256.HashSizeInBytes * 2];
        Convert.TryToHexStringLower(hash, hex, out _);
        return signature is not null && signature.StartsWith("sha256=", StringComparison.Ordinal) && hex.SequenceEqual(signature.AsSpan(7))
            ? update
            : 0;
    }
}
