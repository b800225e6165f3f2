using System.Threading.Channels;
using WebSub.Subscriber;

namespace NewsApp.Tests;

/// <summary>Tells a test when the handler is done with an update, so that no test sleeps.</summary>
public sealed class Handled : IWebSubFilter
{
    private readonly Channel<string> _topics = Channel.CreateUnbounded<string>();

    /// <inheritdoc/>
    public async ValueTask<WebSubReply> InvokeAsync(
        WebSubNotification notification,
        Func<ValueTask<WebSubReply>> next,
        CancellationToken cancellationToken
    )
    {
        var reply = await next();
        _topics.Writer.TryWrite(notification.Topic);
        return reply;
    }

    /// <summary>The topic of the next update that was handled.</summary>
    public async Task<string> NextAsync() =>
        await _topics.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
