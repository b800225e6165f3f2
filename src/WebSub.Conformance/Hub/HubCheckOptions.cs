namespace WebSub.Conformance.Hub;

/// <summary>Which hub is checked, and how patiently.</summary>
public sealed record HubCheckOptions
{
    /// <summary>The hub's URL.</summary>
    public required string Hub { get; init; }

    /// <summary>Sent as <c>Authorization: Bearer KEY</c> with every request to the hub; none by default.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The port that our topics and callbacks listen on; 0, the default, takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where the hub reaches that port; by default the hub is on this machine and loopback will do.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>True lets requests of the checker reach private and loopback addresses. Default: false.</summary>
    public bool AllowPrivateNetworks { get; init; }

    /// <summary>True runs the checks that wait for retries and for the end of a lease, too. Default: false.</summary>
    public bool IncludeLong { get; init; }

    /// <summary>Words that the ids of the checks to run begin with; all by default.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>How many checks run side by side. Default: 4.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>How long a check waits for what has to come. Default: 15 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a check gives the hub to take note of a confirmed verification. Default: a quarter of a second.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>
    /// How long a check waits for what must not come, counted from when another subscriber of the topic got the update. Default: 2 seconds.
    /// </summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a check waits for another attempt after a failed one. Default: 2 minutes.</summary>
    public TimeSpan RetryPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What a check that asks for patience says in <c>Retry-After</c>. Default: 10 seconds.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest lease whose end a check waits for. Default: 6 minutes.</summary>
    public TimeSpan LongestLease { get; init; } = TimeSpan.FromMinutes(6);
}
