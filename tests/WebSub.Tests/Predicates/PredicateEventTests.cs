using System.Text;

namespace WebSub.Predicates;

public sealed class PredicateEventTests
{
    [Fact]
    public void TryParse_Message_HasIt()
    {
        var parsed = Parse(
            """{"sender":"AU","receiver":"CN","subject":"s","obj":"o","predicate":"UN.CEFACT","sender_ref":"r-1","note":{"a":1}}""",
            out var delivered,
            out var error
        );

        Assert.True(parsed, error);
        Assert.Equal(("UN.CEFACT", "r-1", "AU"), (delivered!.Predicate, delivered.SenderRef, delivered.Message!.Sender));
        Assert.Equal("note", Assert.Single(delivered.Message.Further!).Key);
    }

    [Fact]
    public void TryParse_LightEvent_HasNoMessage()
    {
        var parsed = Parse(
            """{"predicate":"message.r-1.status","sender_ref":"AU:r-1","subject":"s","status":"accepted","message":"{}"}""",
            out var delivered,
            out var error
        );

        Assert.True(parsed, error);
        Assert.Null(delivered!.Message);
        Assert.Equal(
            ("message.r-1.status", "AU:r-1", "s", "accepted"),
            (delivered.Predicate, delivered.SenderRef, delivered.Subject, delivered.Status)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"{}\"")]
    [InlineData("{}")]
    [InlineData("""{"predicate":7}""")]
    [InlineData("""{"predicate":null}""")]
    [InlineData("""{"predicate":"UN","obj":"o"}""")]
    [InlineData("""{"predicate":"\ud800"}""")]
    public void TryParse_NoEvent_SaysSo(string body)
    {
        Assert.False(Parse(body, out var delivered, out var error));

        Assert.Null(delivered);
        Assert.NotEmpty(error!);
    }

    private static bool Parse(string body, out PredicateEvent? delivered, out string? error) =>
        PredicateEvent.TryParse(Encoding.UTF8.GetBytes(body), out delivered, out error);
}
