using WebSub.Subscriber;

namespace Workers;

/// <summary>Work that should not be done in a web server.</summary>
internal sealed class SlowHandler(TimeProvider time) : IWebSubHandler
{
    public async Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        Console.WriteLine($"begins: {notification.Body.Length} bytes of {notification.Topic}, attempt {notification.Attempt}");
        await Task.Delay(TimeSpan.FromSeconds(2), time, cancellationToken);
        Console.WriteLine($"done: {notification.Body.Length} bytes of {notification.Topic}");
    }
}
