using System.Net;
using WebSub.Http;
using WebSub.Hub.Predicates;
using WebSub.Hub.Subscribing;
using WebSub.Protocol;
using Xunit;

namespace WebSub.Hub.Tests.Predicates;

public sealed class PredicateFormTests
{
    [Theory]
    [Trait("Ref", "IG-1")]
    [Trait("Ref", "IG-14")]
    [InlineData(null, 432_000)]
    [InlineData("", 432_000)]
    [InlineData("3600", 3_600)]
    [InlineData("31536000", 31_536_000)]
    public void Read_Lease_IsTakenOrFiveDays(string? text, long expected)
    {
        var (request, errors) = Read(Sound().Add(HubParameters.LeaseSeconds, text));

        Assert.Empty(errors);
        Assert.Equal(expected, request!.Row.LeaseSeconds);
    }

    [Theory]
    [Trait("Ref", "IG-4")]
    [Trait("Ref", "IG-8")]
    [InlineData("0", "0")]
    [InlineData("3599", "3599")]
    [InlineData("31536001", "31536001")]
    [InlineData("-5", "-5")]
    [InlineData("two days", "\"two days\"")]
    [InlineData("3600.0", "\"3600.0\"")]
    public void Read_LeaseOutside_IsRefused_AlsoOnUnsubscribe(string text, string shown)
    {
        foreach (var mode in new[] { HubModes.Subscribe, HubModes.Unsubscribe })
        {
            var (request, errors) = Read(Sound(mode: mode).Add(HubParameters.LeaseSeconds, text));

            Assert.Null(request);
            PredicateJson.AssertErrors(
                400,
                $$"""{"errors":[{"status":"Bad Request","code":"lease-seconds-validation-error","title":"Lease Seconds Validation """
                    + """Error","detail":"\"hub.lease_seconds\" attribute is invalid. Must be integer in range """
                    + $$"""3600-31536000","source":[{"value":{{shown}},"min":3600,"max":31536000}]}]}""",
                errors
            );
        }
    }

    [Theory]
    [Trait("Ref", "IG-4")]
    [Trait("Ref", "IG-14")]
    [InlineData("", "URL must contain scheme")]
    [InlineData("//example.com", "URL must contain scheme")]
    [InlineData("example.com/callback", "URL must contain scheme")]
    [InlineData("ftp://example.com", "Unsupported url scheme: \"ftp\". Must be one of: ['http', 'https'].")]
    [InlineData("javascript:alert(1)", "Unsupported url scheme: \"javascript\". Must be one of: ['http', 'https'].")]
    [InlineData("http://", "URL must contain domain or ip")]
    [InlineData("https:///path", "URL must contain domain or ip")]
    [InlineData("http:example.com", "URL must contain domain or ip")]
    [InlineData("https://example.com/a#b", "URL must not have a fragment (#…): fragments never reach a server")]
    [InlineData(
        "http://10.0.0.1/",
        "URL is a private or local address, which this hub does not reach. Its operator can allow it with "
            + "WebSub:Outbound:AllowPrivateNetworks=true"
    )]
    public void Read_CallbackThatIsNone_IsRefused(string callback, string sentence)
    {
        var (_, errors) = Read(Sound(callback: callback));

        var error = Assert.Single(errors);
        Assert.Equal("callback-url-validation-error", error.Code);
        Assert.Equal([sentence], Assert.IsType<string[]>(error.Source));
    }

    [Fact]
    [Trait("Ref", "IG-3")]
    [Trait("Ref", "IG-5")]
    public void Read_NothingGiven_NamesAllThatIsMissing()
    {
        var (_, errors) = Read(new HubFields());

        PredicateJson.AssertErrors(
            400,
            """{"errors":[{"status":"Bad Request","code":"missing-attributes-error","title":"Missing Attributes """
                + """Error","detail":"Missing required attributes: ['hub.topic', 'hub.callback', """
                + """'hub.mode'].","source":["hub.topic","hub.callback","hub.mode"]}]}""",
            errors
        );
    }

    [Theory]
    [Trait("Ref", "IG-3")]
    [InlineData(HubParameters.Topic)]
    [InlineData(HubParameters.Callback)]
    [InlineData(HubParameters.Mode)]
    public void Read_OneMissing_NamesIt(string name)
    {
        var (_, errors) = Read(new HubFields(Sound().Items.Where(i => i.Key != name)));

        var error = Assert.Single(errors);
        Assert.Equal([name], Assert.IsAssignableFrom<IEnumerable<string>>(error.Source));
    }

    [Fact]
    [Trait("Ref", "IG-5")]
    public void Read_EverythingWrong_SaysAllOfItAtOnce()
    {
        var fields = new HubFields()
            .Add(HubParameters.Topic, "xx..aa")
            .Add(HubParameters.Callback, "ftp://a")
            .Add(HubParameters.Mode, "Subscribe")
            .Add(HubParameters.LeaseSeconds, "1")
            .Add(HubParameters.Secret, new string('x', 200));

        var (_, errors) = Read(fields);

        Assert.Equal(
            [
                "callback-url-validation-error",
                "topic-validation-error",
                "lease-seconds-validation-error",
                "unknown-mode-error",
                "secret-validation-error",
            ],
            errors.Select(e => e.Code)
        );
        Assert.Equal(400, PredicateJson.Of(errors).Status);
    }

    [Fact]
    [Trait("Ref", "IG-5")]
    public void Read_UnknownMode_SaysWhatIsExpected()
    {
        var (_, errors) = Read(Sound(mode: "publish"));

        PredicateJson.AssertErrors(
            400,
            """{"errors":[{"status":"Bad Request","code":"unknown-mode-error","title":"Unknown Mode Error","detail":"Uknown """
                + """\"hub.mode\" attribute value: \"publish\". Accepted:['subscribe', """
                + """'unsubscribe'].","source":[{"key":"hub.mode","value":"publish","expected":["subscribe","unsubscribe"]}]}]}""",
            errors
        );
    }

    [Fact]
    [Trait("Ref", "IG-4")]
    [Trait("Ref", "IG-5")]
    public void Read_TopicThatIsNone_IsRefused()
    {
        var (_, errors) = Read(Sound(topic: "xx.yy*"));

        PredicateJson.AssertErrors(
            400,
            """{"errors":[{"status":"Bad Request","code":"topic-validation-error","title":"Topic Validation """
                + """Error","detail":"\"hub.topic\" attribute is invalid","source":["* character is supported only after a dot"]}]}""",
            errors
        );
    }

    [Fact]
    [Trait("Ref", "IG-14")]
    public void Read_UnknownFieldsAndEmptySecret_AreIgnored()
    {
        var (request, errors) = Read(Sound().Add("hub.unknown", "1").Add("other", "2").Add(HubParameters.Secret, ""));

        Assert.Empty(errors);
        Assert.Null(request!.Secret);
    }

    [Fact]
    public void Read_FieldGivenTwice_IsRefused()
    {
        var (_, errors) = Read(Sound().Add(HubParameters.Topic, "another"));

        Assert.Equal("repeated-attribute-error", Assert.Single(errors).Code);
    }

    [Fact]
    public void Read_Request_KeepsTopicAndCallbackAsGiven()
    {
        var (request, _) = Read(Sound(topic: "un.Cefact.*", callback: "https://Example.com/%7Ea?b"));

        Assert.Equal(
            ("un.Cefact.*", "UN.CEFACT.", "https://Example.com/%7Ea?b"),
            (request!.Row.Topic, request.Row.Pattern, request.Row.Callback)
        );
    }

    private static HubFields Sound(
        string topic = "UN.CEFACT.TRADE.CO",
        string callback = "https://subscriber.example/callback",
        string mode = HubModes.Subscribe
    ) => new HubFields().Add(HubParameters.Topic, topic).Add(HubParameters.Callback, callback).Add(HubParameters.Mode, mode);

    private static (IncomingRequest? Request, IReadOnlyList<PredicateError> Errors) Read(HubFields fields) =>
        PredicateForm.Read(fields, new AddressGuard(new OutboundOptions { AllowedNetworks = [IPNetwork.Parse("192.0.2.0/24")] }));
}
