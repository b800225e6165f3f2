namespace WebSub.Publisher.Links;

/// <summary>Marks an endpoint that advertises its topic, so that the doctor finds it.</summary>
internal sealed class AdvertisedMetadata;
