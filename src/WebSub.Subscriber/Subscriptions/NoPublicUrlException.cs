namespace WebSub.Subscriber.Subscriptions;

/// <summary>A process that runs nothing but handlers was to make a callback URL, and has no public URL.</summary>
internal sealed class NoPublicUrlException()
    : InvalidOperationException(
        "This process has the role Workers and no WebSub:Subscriber:PublicUrl, so it cannot make callback URLs; give it the one of the "
            + "processes that answer hubs."
    );
