using System.Text;
using System.Text.Json.Nodes;
using WebSub.Hub.Predicates;
using WebSub.Hub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Predicates;

public sealed class MessageReaderTests
{
    private const string Sound =
        """{"sender":"AU","receiver":"CN","subject":"AU.invoice.7","obj":"https://au.example/7","""
        + "\"predicate\":\"UN.CEFACT.Trade.Invoice.created\"}";

    [Fact]
    public void Read_Message_GetsReferenceStatusAndName()
    {
        var message = Assert.Single(Read(Sound).Messages);

        Assert.Equal(
            ("ref1", "UN.CEFACT.Trade.Invoice.created", "AU", "ref1", "pending"),
            (message.Reference, message.Predicate, message.Sender, message.SenderRef, message.Status)
        );
        PredicateJson.AssertSame(Sound[..^1] + ",\"sender_ref\":\"ref1\"}", Encoding.UTF8.GetString(message.Content));
    }

    [Fact]
    public void Read_FurtherProperties_AreKept()
    {
        var json = With("channel_id", """{"deep":[1,2.50,"ä€"]}""");

        var message = Assert.Single(Read(json).Messages);

        Assert.Contains("""{"deep":[1,2.50,"ä€"]}""", Encoding.UTF8.GetString(message.Content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "message-data-empty-error")]
    [InlineData("{}", "message-data-empty-error")]
    [InlineData("[]", "message-data-empty-error")]
    [InlineData("null", "message-data-empty-error")]
    [InlineData("\"text\"", "message-data-empty-error")]
    [InlineData("{\"sender\":", "message-deserialization-error")]
    [InlineData("sender=AU", "message-deserialization-error")]
    [InlineData("{\"sender\":\"AU\",\"sender\":\"CN\"}", "message-deserialization-error")]
    [InlineData("[1]", "message-validation-error")]
    public void Read_NoMessage_IsRefused(string body, string code)
    {
        var (messages, _, errors) = Read(body);

        Assert.Empty(messages);
        Assert.Equal(code, Assert.Single(errors).Code);
    }

    [Fact]
    public void Read_DeepJson_IsRefused()
    {
        var (_, _, errors) = Read(With("x", new string('[', 5000) + new string(']', 5000)));

        Assert.Equal("message-deserialization-error", Assert.Single(errors).Code);
    }

    [Theory]
    [InlineData("sender", null, "missing attr: sender")]
    [InlineData("receiver", "\"\"", "receiver is empty or no text")]
    [InlineData("subject", "7", "subject is empty or no text")]
    [InlineData("obj", "null", "obj is empty or no text")]
    [InlineData("predicate", "\"UN.*\"", "predicate: Predicate of a message must not contain a wildcard")]
    [InlineData("predicate", "\"UN..A\"", "predicate: Predicate must not contain empty elements")]
    [InlineData("sender_ref", "\"a/b\"", "sender_ref: topic should contain dots, not slashes")]
    [InlineData("sender_ref", "7", "sender_ref is empty or no text")]
    [InlineData("reference", "\"mine\"", "spurious attr: reference")]
    public void Read_UnsoundMessage_SaysWhatIsWrong(string name, string? value, string sentence)
    {
        var (messages, _, errors) = Read(With(name, value));

        Assert.Empty(messages);
        Assert.Equal([sentence], Assert.IsAssignableFrom<IEnumerable<string>>(Assert.Single(errors).Source));
    }

    [Theory]
    [InlineData("\"done\"")]
    [InlineData("1")]
    public void Read_UnknownStatus_IsRefused(string status)
    {
        var (_, _, errors) = Read(With("status", status));

        Assert.Equal("unexpected-message-status-error", Assert.Single(errors).Code);
    }

    [Fact]
    public void Read_Batch_NamesEachFaultyMessage()
    {
        var (messages, isBatch, errors) = Read($"[{Sound},{With("obj", null)},{Sound},5]");

        Assert.True(isBatch);
        Assert.Equal(["ref1", "ref3"], messages.Select(m => m.Reference));
        Assert.Equal(
            ["message 2: missing attr: obj", "message 4: not a non-empty JSON object"],
            errors.SelectMany(e => Assert.IsAssignableFrom<IEnumerable<string>>(e.Source))
        );
    }

    [Fact]
    public void Read_TooManyMessages_IsRefused()
    {
        var (_, _, errors) = Read($"[{string.Join(',', Enumerable.Repeat("1", MessageReader.MaxBatch + 1))}]");

        Assert.Equal("message-validation-error", Assert.Single(errors).Code);
    }

    [Fact]
    public void Read_HalfACharacterInAPropertyWeKeep_IsRefused()
    {
        var (messages, _, errors) = Read(With("note", "\"\\ud800\""));

        Assert.Empty(messages);
        Assert.Equal(["a text in it is not valid Unicode"], Assert.IsAssignableFrom<IEnumerable<string>>(Assert.Single(errors).Source));
    }

    [Fact]
    public void Posted_Message_TellsItselfAndThatItCame()
    {
        var message = Read(With("sender_ref", "\"inv-7\"")).Messages[0] with { Reference = "abc" };

        var events = MessageEvents.Posted(message);

        Assert.Equal(["UN.CEFACT.TRADE.INVOICE.CREATED."], events[0].PredicateKeys);
        Assert.False(JsonNode.Parse(events[0].Body)!.AsObject().ContainsKey("status"));
        Assert.Equal(["MESSAGE.INV-7.RECEIVED.", "MESSAGE.ABC.RECEIVED."], events[1].PredicateKeys);
        PredicateJson.AssertSame(
            """{"predicate":"message.inv-7.received","sender_ref":"AU:inv-7"}""",
            Encoding.UTF8.GetString(events[1].Body)
        );
        Assert.All(events, e => Assert.Equal("abc", e.Reference));
    }

    [Fact]
    public void StatusChanged_Message_ReachesAllWhoMayWantIt()
    {
        var message = Read(With("sender_ref", "\"inv-7\"")).Messages[0] with { Reference = "abc", Status = "accepted" };

        var changed = MessageEvents.StatusChanged(message);

        Assert.Equal(
            ["MESSAGE.INV-7.STATUS.", "MESSAGE.ABC.STATUS.", "MESSAGE.STATUS.CHANGE.INV-7.", "MESSAGE.STATUS.CHANGE.ABC."],
            changed.PredicateKeys
        );
        PredicateJson.AssertSame(
            """{"predicate":"message.inv-7.status","sender_ref":"AU:inv-7","subject":"AU.invoice.7","status":"accepted"}""",
            Encoding.UTF8.GetString(changed.Body)
        );
    }

    /// <summary>A valid message with one property changed; null removes it.</summary>
    private static string With(string name, string? value)
    {
        var json = JsonNode.Parse(Sound)!.AsObject();
        json.Remove(name);
        var text = json.ToJsonString();
        return value is null ? text : $"{text[..^1]},\"{name}\":{value}}}";
    }

    private static (IReadOnlyList<HubMessage> Messages, bool IsBatch, IReadOnlyList<PredicateError> Errors) Read(string body)
    {
        var made = 0;
        return MessageReader.Read(Encoding.UTF8.GetBytes(body), () => $"ref{++made}");
    }
}
