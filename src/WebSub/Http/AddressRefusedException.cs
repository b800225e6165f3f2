namespace WebSub.Http;

/// <summary>A request was not made because its host resolves only to addresses that <see cref="AddressGuard"/> refuses.</summary>
public sealed class AddressRefusedException : HttpRequestException
{
    /// <summary>Says which host was refused and which setting allows it.</summary>
    public AddressRefusedException(string host)
        : base(Text(host)) { }

    private static string Text(string host) =>
        $"{host} is a private or local address, which outbound requests may not reach. "
        + $"To allow it set {AddressGuard.Setting}=true or add its network to WebSub:Outbound:AllowedNetworks.";

    /// <summary>
    /// The refusal behind a failed request, which the HTTP stack wraps in its own exception; null if it failed for another reason.
    /// </summary>
    public static AddressRefusedException? In(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is AddressRefusedException refusal)
                return refusal;
        }

        return null;
    }
}
