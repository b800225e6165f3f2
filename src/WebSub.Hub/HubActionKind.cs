using System.Text.Json.Serialization;

namespace WebSub.Hub;

/// <summary>What an operator can ask of a hub.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HubActionKind>))]
public enum HubActionKind
{
    /// <summary>Stop deliveries of a topic; its subscriptions get what they missed once it is resumed.</summary>
    [JsonStringEnumMemberName("pauseTopic")]
    PauseTopic,

    /// <summary>Go on with a topic.</summary>
    [JsonStringEnumMemberName("resumeTopic")]
    ResumeTopic,

    /// <summary>Stop deliveries to an origin.</summary>
    [JsonStringEnumMemberName("pauseOrigin")]
    PauseOrigin,

    /// <summary>Go on with an origin.</summary>
    [JsonStringEnumMemberName("resumeOrigin")]
    ResumeOrigin,

    /// <summary>Stop deliveries to a subscription.</summary>
    [JsonStringEnumMemberName("pauseSubscription")]
    PauseSubscription,

    /// <summary>Go on with a subscription.</summary>
    [JsonStringEnumMemberName("resumeSubscription")]
    ResumeSubscription,

    /// <summary>End a subscription and tell its callback (<c>hub.mode=denied</c>).</summary>
    [JsonStringEnumMemberName("revokeSubscription")]
    RevokeSubscription,

    /// <summary>End a subscription without a word.</summary>
    [JsonStringEnumMemberName("deleteSubscription")]
    DeleteSubscription,

    /// <summary>Forget a dead letter.</summary>
    [JsonStringEnumMemberName("deleteDeadLetter")]
    DeleteDeadLetter,

    /// <summary>Send a dead letter again.</summary>
    [JsonStringEnumMemberName("redeliver")]
    Redeliver,

    /// <summary>Send all dead letters again that there are now, of a topic, an origin, a subscription or a span of time.</summary>
    [JsonStringEnumMemberName("redeliverAll")]
    RedeliverAll,

    /// <summary>Send a range of entries to one subscription again.</summary>
    [JsonStringEnumMemberName("replay")]
    Replay,

    /// <summary>A key was created (<see cref="IHubAdministration.CreateKeyAsync"/>).</summary>
    [JsonStringEnumMemberName("createKey")]
    CreateKey,

    /// <summary>A key was disabled (<see cref="IHubAdministration.DisableKeyAsync"/>).</summary>
    [JsonStringEnumMemberName("disableKey")]
    DisableKey,

    /// <summary>Fetch a topic now, as a ping does; carried out as soon as it is asked for.</summary>
    [JsonStringEnumMemberName("fetchTopic")]
    FetchTopic,

    /// <summary>Publish content to a topic; carried out as soon as it is asked for.</summary>
    [JsonStringEnumMemberName("publish")]
    Publish,
}
