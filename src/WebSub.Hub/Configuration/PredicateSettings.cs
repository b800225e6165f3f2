using WebSub.Settings;

namespace WebSub.Hub.Configuration;

/// <summary>The predicate Subscriptions API.</summary>
internal static class PredicateSettings
{
    public static SettingSection<HubOptions> AddTo(SettingSection<HubOptions> predicates) =>
        predicates
            .Add(
                "VerifyIntent",
                SettingForm.Choice<PredicateVerification>(),
                o => o.Predicates.VerifyIntent,
                (o, v) => o.Predicates.VerifyIntent = v,
                "whether a callback is asked before a predicate subscription takes effect. `Auto`: not for callers with a key or local "
                    + "callers; `Always`; `Never`"
            )
            .Add(
                "Duplicate",
                SettingForm.Choice<DuplicateSubscription>(),
                o => o.Predicates.Duplicate,
                (o, v) => o.Predicates.Duplicate = v,
                "what requesting an active subscription again does: `Renew` (202, new lease and secret) or `Conflict` (409)"
            )
            .Add(
                "MaxPerCallback",
                SettingForm.Integer(1, 1_000_000),
                o => o.Predicates.MaxPerCallback,
                (o, v) => o.Predicates.MaxPerCallback = v,
                "most predicates one callback may subscribe to. A request over the limit is answered 403; one that was accepted before the "
                    + "limit was reached is denied (`hub.mode=denied`). `WebSub:Hub:Subscribing:MaxPerCallbackHost` counts such a callback "
                    + "once"
            )
            .Add(
                "MessageDays",
                SettingForm.Integer(1, 36_500, "days"),
                o => o.Predicates.MessageDays,
                (o, v) => o.Predicates.MessageDays = v,
                "how long a message can be read at `/messages/{ref}` and its status changed, counted from its arrival or its last "
                    + "change of status"
            );
}
