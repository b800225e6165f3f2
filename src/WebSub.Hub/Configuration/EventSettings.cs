using WebSub.Settings;

namespace WebSub.Hub.Configuration;

/// <summary>Event streams and history.</summary>
internal static class EventSettings
{
    public static SettingSection<HubOptions> AddTo(SettingSection<HubOptions> hub) =>
        hub.Add(
                "Events:Access",
                SettingForm.Choice<EventAccess>(),
                o => o.Events.Access,
                (o, v) => o.Events.Access = v,
                "who may read topics' logs at `/hub/events`: callers with a key that has the scope `read` and local ones, or everybody"
            )
            .AddList(
                "Events:OpenTopics",
                SettingForm.Text,
                o => o.Events.OpenTopics,
                (o, v) => o.Events.OpenTopics = v,
                "patterns of the topics that everybody may read, in the form of `Subscribing:Topics`",
                standard: "none"
            )
            .AddList(
                "Events:AllowedOrigins",
                SettingForm.Text,
                o => o.Events.AllowedOrigins,
                (o, v) => o.Events.AllowedOrigins = v,
                "origins whose pages may read them in a browser: `https://app.example`, or `*`",
                standard: "none"
            )
            .Add(
                "Events:MaxClients",
                SettingForm.Count(0, 1_000_000),
                o => o.Events.MaxClients,
                (o, v) => o.Events.MaxClients = v,
                "most event streams at a time, of each node; further ones are answered 503"
            )
            .Add(
                "Events:MaxBytesInFlight",
                SettingForm.Integer(1, 1L << 40, "bytes"),
                o => o.Events.MaxBytesInFlight,
                (o, v) => o.Events.MaxBytesInFlight = v,
                "most bytes in memory for contents above 16 KB that are being read; one client address may use a quarter. Further ones wait"
            )
            .Add(
                "Events:HeartbeatSeconds",
                SettingForm.Seconds(1, 3600),
                o => o.Events.Heartbeat,
                (o, v) => o.Events.Heartbeat = v,
                "how often a stream with nothing to say sends a comment"
            )
            .Add(
                "Events:SlowClientSeconds",
                SettingForm.Seconds(1, 3600),
                o => o.Events.SlowClient,
                (o, v) => o.Events.SlowClient = v,
                "how long a client may take to accept an event; then it is disconnected, and may resume"
            );
}
