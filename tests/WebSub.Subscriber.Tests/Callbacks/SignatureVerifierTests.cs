using System.Text;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Subscriber.Callbacks;
using WebSub.Subscriber.Subscriptions;
using WebSub.Values;
using Xunit;

namespace WebSub.Subscriber.Tests.Callbacks;

/// <summary>C5–C8, C10, and the change of a secret: old and new are good until the hub has confirmed.</summary>
public sealed class SignatureVerifierTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("news");
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("old", null, "old", null)]
    [InlineData("old", null, "bad", SignatureVerdict.Mismatch)]
    [InlineData("old", null, null, SignatureVerdict.Missing)]
    [InlineData(null, null, null, null)]
    [InlineData(null, null, "anything", null)]
    [InlineData("old", "new", "old", null)]
    [InlineData("old", "new", "new", null)]
    [InlineData("old", "new", "bad", SignatureVerdict.Mismatch)]
    [InlineData("old", "new", null, SignatureVerdict.Missing)]
    public void Delivery_Signed_IsCheckedWithSecretsInForce(string? active, string? pending, string? signedWith, SignatureVerdict? expected)
    {
        var header = signedWith is null ? null : HubSignature.Compute(SignatureMethod.Sha256, Secret.Parse(signedWith).Bytes, Body);

        var verdict = SignatureVerifier.Check(Part(active), pending is null ? null : Request(pending), header, Body);

        Assert.Equal(expected, verdict);
    }

    [Theory]
    [InlineData("md5=00", SignatureVerdict.UnknownMethod)]
    [InlineData("SHA256=00", SignatureVerdict.UnknownMethod)]
    [InlineData("sha256", SignatureVerdict.Malformed)]
    [InlineData("sha256=zz", SignatureVerdict.Malformed)]
    public void Delivery_MalformedSignature_IsRefused(string header, SignatureVerdict expected)
    {
        var verdict = SignatureVerifier.Check(Part("old"), null, header, Body);

        Assert.Equal(expected, verdict);
    }

    [Fact]
    public void Delivery_SignedWithSecretOfUnsentRequest_IsRefused()
    {
        var header = HubSignature.Compute(SignatureMethod.Sha256, Secret.Parse("new").Bytes, Body);

        var verdict = SignatureVerifier.Check(Part("old"), Request("new") with { SentAt = null }, header, Body);

        Assert.Equal(SignatureVerdict.Mismatch, verdict);
    }

    [Fact]
    public void Delivery_WhileUnsubscribing_NeedsTheActiveSecret()
    {
        var verdict = SignatureVerifier.Check(Part("old"), Request(null) with { Mode = HubModes.Unsubscribe }, null, Body);

        Assert.Equal(SignatureVerdict.Missing, verdict);
    }

    private static ConfirmedPart Part(string? secret) =>
        new()
        {
            Hub = "h",
            Topic = "t",
            Secret = secret,
            CallbackKey = "k",
            ConfirmedAt = Now,
            LeaseEnd = Now.AddDays(1),
        };

    private static PendingRequest Request(string? secret) =>
        new()
        {
            Id = Guid.NewGuid(),
            Mode = HubModes.Subscribe,
            State = WebSubRequestState.Verifying,
            Hub = "h",
            Topic = "t",
            CallbackKey = "k",
            Secret = secret,
            Due = Now,
            SentAt = Now,
        };
}
