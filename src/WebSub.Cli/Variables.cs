namespace WebSub.Cli;

/// <summary>Environment variables: those that the commands read, and those that <c>listen --exec</c> sets.</summary>
internal static class Variables
{
    public const string ApiKey = "WEBSUB_API_KEY";
    public const string Hub = "WEBSUB_HUB";
    public const string Secret = "WEBSUB_SECRET";
    public const string NoColor = "NO_COLOR";
    public const string Columns = "COLUMNS";
    public const string Topic = "WEBSUB_TOPIC";
    public const string ContentType = "WEBSUB_CONTENT_TYPE";
    public const string DeliveryId = "WEBSUB_DELIVERY_ID";
    public const string Signature = "WEBSUB_SIGNATURE";
    public const string ReceivedAt = "WEBSUB_RECEIVED_AT";

    /// <summary>What the commands read.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Read { get; } =
    [
        (
            ApiKey,
            "the key for a hub that wants one, in place of `--api-key`; `listen` without `--stream` sends it only to a hub of `--hub`"
        ),
        (Secret, "the secret of `sign` and `verify`, in place of `--secret`"),
        (NoColor, "if it is not empty, no colours on a terminal either"),
        (Columns, "the width of help and tables; by default that of the terminal, or 80"),
    ];

    /// <summary>What the commands of <c>check</c> find in their environment.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> SetForCheck { get; } =
    [
        (
            Topic,
            "the URL of the topic that is to be changed (`--change`), subscribed to (`--trigger`), left (`--unsubscribe`) or shown "
                + "(`--received`); `{topic}` in the command is the same"
        ),
    ];

    /// <summary>What the command of <c>--exec</c> finds in its environment.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> SetForExec { get; } =
    [
        (Topic, "the topic"),
        (Hub, "the hub"),
        (ContentType, "the content type as the hub sent it; empty if there was none"),
        (DeliveryId, "the hub's id of the delivery, the same if it comes again; empty if there was none"),
        (Signature, "`valid` or `none`; what has a bad signature never gets here"),
        (ReceivedAt, "when it arrived, as in 2026-11-26T20:00:00.0000000+00:00"),
    ];
}
