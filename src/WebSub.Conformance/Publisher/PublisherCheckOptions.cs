namespace WebSub.Conformance.Publisher;

/// <summary>Which publisher is checked, and how patiently.</summary>
public sealed record PublisherCheckOptions
{
    /// <summary>The URL of a page, feed or anything else that it publishes.</summary>
    public required string Topic { get; init; }

    /// <summary>
    /// Changes what is published; returns null, or a sentence on why that failed. With it the check subscribes at the hubs that the topic
    /// names, and watches whether they hear of the change. Default: none, and nothing is subscribed anywhere.
    /// </summary>
    public Func<CancellationToken, Task<string?>>? Change { get; init; }

    /// <summary>The port that our callbacks listen on; 0, the default, takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where the hubs reach that port; by default they are on this machine and loopback will do.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>True lets requests of the checker reach private and loopback addresses. Default: false.</summary>
    public bool AllowPrivateNetworks { get; init; }

    /// <summary>The ids of the checks to run; all by default.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>How many checks run side by side. Default: 4.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>How long an answer, or the verification of a subscription, may take. Default: 15 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a hub has to take note of a confirmed verification before the change. Default: a second.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after the change its delivery is awaited. Default: a minute.</summary>
    public TimeSpan ChangePatience { get; init; } = TimeSpan.FromMinutes(1);
}
