using System.Text;
using WebSub.Http;
using WebSub.Hub.Subscribing;
using WebSub.Protocol;
using Xunit;

namespace WebSub.Hub.Tests.Subscribing;

public sealed class SubscribeFormTests
{
    private readonly LeaseOptions _lease = new()
    {
        DefaultSeconds = 1000,
        MinSeconds = 100,
        MaxSeconds = 10_000,
    };
    private readonly AddressGuard _guard = new(new OutboundOptions());

    [Fact]
    [Trait("Req", "H1")]
    [Trait("Req", "H5")]
    public void Read_WellFormed_KeepsEveryByte_AndUnknownFields()
    {
        var (request, error) = Read(Fields().Add("hub.secret", "s").Add("hub.verify", "sync").Add("x", "1"));

        Assert.Null(error);
        Assert.Equal("https://a.example/%7Efeed?q=é", request!.Row.Topic);
        Assert.Equal("https://b.example/cb?x=%41", request.Row.Callback);
        Assert.Equal("s", request.Secret!.Value);
        Assert.Equal("hub.verify=sync&x=1", request.Row.Parameters);
    }

    [Fact]
    [Trait("Req", "H5")]
    public void Read_UnknownFieldsWithoutEnd_AreNotRefused_AndNotKept()
    {
        var (request, error) = Read(Fields().Add("first", "1").Add("second", new string('é', 1000)).Add("third", "3"));

        Assert.Null(error);
        Assert.Equal("first=1", request!.Row.Parameters);
    }

    [Theory]
    [Trait("Req", "H3")]
    [Trait("Req", "H21")]
    [InlineData(null, 1000)]
    [InlineData("", 1000)]
    [InlineData("500", 500)]
    [InlineData("0", 100)]
    [InlineData("-1", 100)]
    [InlineData("99999999999999999999999", 10_000)]
    public void Read_AnyNumberAsLease_IsClamped(string? lease, long granted)
    {
        var (request, _) = Read(Fields().Add("hub.lease_seconds", lease));

        Assert.Equal(granted, request!.Row.LeaseSeconds);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("1e3")]
    [InlineData("1.5")]
    [InlineData("0x10")]
    public void Read_LeaseThatIsNoNumber_IsRefused(string lease)
    {
        var (_, error) = Read(Fields().Add("hub.lease_seconds", lease));

        Assert.Equal($"hub.lease_seconds is \"{lease}\"; it must be a whole number of seconds.", error);
    }

    [Fact]
    [Trait("Req", "H4")]
    public void Read_LeaseOfAnUnsubscribe_IsNotLookedAt()
    {
        var (request, error) = Read(Fields(HubModes.Unsubscribe).Add("hub.lease_seconds", "abc"));

        Assert.Null(error);
        Assert.Equal(HubModes.Unsubscribe, request!.Row.Mode);
    }

    [Fact]
    public void Read_EmptySecret_IsNone()
    {
        var (request, _) = Read(Fields().Add("hub.secret", ""));

        Assert.Null(request!.Secret);
    }

    [Fact]
    [Trait("Req", "S11")]
    public void Read_SecretOf200Bytes_IsRefusedWithoutRepeatingIt()
    {
        var (_, error) = Read(Fields().Add("hub.secret", new string('é', 100)));

        Assert.Equal("hub.secret has 200 bytes; it must have fewer than 200 (W3C WebSub §5.1).", error);
    }

    [Theory]
    [InlineData("hub.topic")]
    [InlineData("hub.callback")]
    [InlineData("hub.secret")]
    [InlineData("hub.lease_seconds")]
    public void Read_RepeatedField_IsRefused(string name)
    {
        var (_, error) = Read(Fields().Add("hub.secret", "s").Add("hub.lease_seconds", "1").Add(name, "x"));

        Assert.Equal($"{name} is given more than once; give it once.", error);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Read_VerifyToken_IsLimitedInBytes(int letters, bool isTaken)
    {
        var (request, error) = Read(Fields().Add("hub.verify_token", new string('é', letters)));

        Assert.Equal(isTaken, request is not null);
        Assert.Equal(isTaken ? null : "hub.verify_token is longer than 2048 bytes.", error);
    }

    [Theory]
    [InlineData("http://127.0.0.1/cb")]
    [InlineData("http://localhost:9/cb")]
    [InlineData("http://[::1]/cb")]
    [InlineData("http://10.1.2.3/cb")]
    [InlineData("http://2130706433/cb")]
    public void Read_PrivateCallback_IsRefusedNamingTheSetting(string callback)
    {
        var fields = new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", "https://a.example/").Add("hub.callback", callback);

        var (_, error) = Read(fields);

        Assert.Contains("WebSub:Outbound:AllowPrivateNetworks", error, StringComparison.Ordinal);
    }

    private static HubFields Fields(string mode = HubModes.Subscribe) =>
        new HubFields()
            .Add("hub.mode", mode)
            .Add("hub.topic", "https://a.example/%7Efeed?q=é")
            .Add("hub.callback", "https://b.example/cb?x=%41");

    private (IncomingRequest? Request, string? Error) Read(HubFields fields) => SubscribeForm.Read(fields, _lease, _guard);
}
