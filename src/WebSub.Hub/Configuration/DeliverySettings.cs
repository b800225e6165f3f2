using WebSub.Settings;
using WebSub.Signatures;

namespace WebSub.Hub.Configuration;

/// <summary>How updates are delivered.</summary>
internal static class DeliverySettings
{
    /// <summary>In seconds.</summary>
    public const double Year = 365 * Day;

    private const double Day = 86_400;

    public static SettingSection<HubOptions> AddTo(SettingSection<HubOptions> hub) =>
        hub.Add(
                "Delivery:TimeoutSeconds",
                SettingForm.Seconds(0.1, Day),
                o => o.Delivery.Timeout,
                (o, v) => o.Delivery.Timeout = v,
                "for one attempt"
            )
            .Add(
                "Delivery:StragglerMilliseconds",
                SettingForm.Milliseconds(1, Day * 1000),
                o => o.Delivery.Straggler,
                (o, v) => o.Delivery.Straggler = v,
                "from the sending of an attempt until its subscription goes on by itself and its neighbours do not wait for it"
            )
            .AddList(
                "Delivery:RetrySeconds",
                SettingForm.Seconds(0, Year),
                o => o.Delivery.RetryDelays,
                (o, v) => o.Delivery.RetryDelays = v,
                "delays before attempt 2, 3, …, ±20 %; a longer `Retry-After` wins, up to a day; after 429, or 503 with `Retry-After`, no "
                    + "delay is used up, and each further such pause is at least twice as long, up to an hour. Once they are used up: a "
                    + "dead letter, and the next update"
            )
            .Add(
                "Delivery:MaxConcurrency",
                SettingForm.Count(1, 100_000),
                o => o.Delivery.MaxConcurrency,
                (o, v) => o.Delivery.MaxConcurrency = v,
                "attempts younger than 50 ms in flight in this process"
            )
            .Add(
                "Delivery:MaxPerOrigin",
                SettingForm.Count(1, 100_000),
                o => o.Delivery.MaxPerOrigin,
                (o, v) => o.Delivery.MaxPerOrigin = v,
                "attempts younger than 50 ms in flight to one origin"
            )
            .Add(
                "Delivery:MaxSlow",
                SettingForm.Count(1, 100_000),
                o => o.Delivery.MaxSlow,
                (o, v) => o.Delivery.MaxSlow = v,
                "older attempts in flight in this process; when all places are taken, those that have hung longest are ended early, after "
                    + "`StragglerMilliseconds` at the soonest"
            )
            .Add(
                "Delivery:MaxSlowPerOrigin",
                SettingForm.Count(1, 100_000),
                o => o.Delivery.MaxSlowPerOrigin,
                (o, v) => o.Delivery.MaxSlowPerOrigin = v,
                "older attempts in flight to one origin"
            )
            .Add(
                "Delivery:Signature",
                SettingForm.Choice<SignatureMethod>(),
                o => o.Delivery.Signature,
                (o, v) => o.Delivery.Signature = v,
                "method of `X-Hub-Signature` for subscriptions that did not ask for another with `hub.signature_method`"
            )
            .Add(
                "Delivery:EndOnGone",
                SettingForm.Boolean,
                o => o.Delivery.EndOnGone,
                (o, v) => o.Delivery.EndOnGone = v,
                "a 410 ends the subscription; false makes it a failure like any other"
            );
}
