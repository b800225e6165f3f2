using WebSub.Settings;
using WebSub.Signatures;

namespace WebSub.Hub.Configuration;

/// <summary>How updates are delivered.</summary>
internal static class DeliverySettings
{
    /// <summary>A year, in seconds.</summary>
    public const double Year = 365 * Day;

    private const double Day = 86_400;

    public static SettingSection<HubOptions> AddTo(SettingSection<HubOptions> hub) =>
        hub.Add(
                "Delivery:TimeoutSeconds",
                SettingForm.Seconds(0.1, Day),
                o => o.Delivery.Timeout,
                (o, v) => o.Delivery.Timeout = v,
                "time limit for one attempt"
            )
            .Add(
                "Delivery:StragglerMilliseconds",
                SettingForm.Milliseconds(1, Day * 1000),
                o => o.Delivery.Straggler,
                (o, v) => o.Delivery.Straggler = v,
                "how long after an attempt is sent its subscription detaches and the rest of the lane stops waiting for it"
            )
            .AddList(
                "Delivery:RetrySeconds",
                SettingForm.Seconds(0, Year),
                o => o.Delivery.RetryDelays,
                (o, v) => o.Delivery.RetryDelays = v,
                "delays before attempt 2, 3, …, ±20 %. A longer `Retry-After` takes precedence, up to a day. A 429, or a 503 with "
                    + "`Retry-After`, uses up no delay; each further such pause is at least twice as long, up to an hour. After the last "
                    + "delay the update becomes a dead letter and the next one is sent"
            )
            .Add(
                "Delivery:MaxConcurrency",
                SettingForm.Count(1, 100_000),
                o => o.Delivery.MaxConcurrency,
                (o, v) => o.Delivery.MaxConcurrency = v,
                "most attempts younger than 50 ms in flight in this process"
            )
            .Add(
                "Delivery:MaxPerOrigin",
                SettingForm.Count(1, 100_000),
                o => o.Delivery.MaxPerOrigin,
                (o, v) => o.Delivery.MaxPerOrigin = v,
                "most attempts younger than 50 ms in flight to one origin"
            )
            .Add(
                "Delivery:MaxSlow",
                SettingForm.Count(1, 100_000),
                o => o.Delivery.MaxSlow,
                (o, v) => o.Delivery.MaxSlow = v,
                "most older attempts in flight in this process. When all these slots are taken, the attempts that have waited longest "
                    + "are ended early, but never before `StragglerMilliseconds`"
            )
            .Add(
                "Delivery:MaxSlowPerOrigin",
                SettingForm.Count(1, 100_000),
                o => o.Delivery.MaxSlowPerOrigin,
                (o, v) => o.Delivery.MaxSlowPerOrigin = v,
                "most older attempts in flight to one origin"
            )
            .Add(
                "Delivery:MaxBytesInFlight",
                SettingForm.Integer(1, 1L << 40, "bytes"),
                o => o.Delivery.MaxBytesInFlight,
                (o, v) => o.Delivery.MaxBytesInFlight = v,
                "most bytes of content in memory for attempts in flight. A content counts once, however many attempts share it, with twice "
                    + "its size, since the runtime frees memory late; one origin may use half of it. Attempts without room wait for it. "
                    + "Contents of up to 16 KB do not count: the limits on attempts bound them"
            )
            .Add(
                "Delivery:Signature",
                SettingForm.Choice<SignatureMethod>(),
                o => o.Delivery.Signature,
                (o, v) => o.Delivery.Signature = v,
                "method of `X-Hub-Signature` for subscriptions that did not request another with `hub.signature_method`"
            )
            .Add(
                "Delivery:EndOnGone",
                SettingForm.Boolean,
                o => o.Delivery.EndOnGone,
                (o, v) => o.Delivery.EndOnGone = v,
                "whether a 410 ends the subscription; if false, it counts as any other failure"
            );
}
