using FsCheck;
using FsCheck.Fluent;

namespace WebSub.Predicates;

public sealed class PredicateTopicTests
{
    [Theory]
    [Trait("Ref", "IG-4")]
    [Trait("Ref", "IG-7")]
    [InlineData("UN.CEFACT.TRADE.CO", "UN.CEFACT.TRADE.CO.")]
    [InlineData("UN.CEFACT.*", "UN.CEFACT.")]
    [InlineData("UN.CEFACT", "UN.CEFACT.")]
    [InlineData("un.cefact.", "UN.CEFACT.")]
    [InlineData("UN.*", "UN.")]
    [InlineData("UN", "UN.")]
    [InlineData("UN.CEFACT.TRADE", "UN.CEFACT.TRADE.")]
    [InlineData("message.status.change", "MESSAGE.STATUS.CHANGE.")]
    [InlineData("message.status.change.AU:1234.", "MESSAGE.STATUS.CHANGE.AU:1234.")]
    [InlineData("лента.é", "ЛЕНТА.É.")]
    [InlineData("*", "")]
    public void TryParse_Topic_HasKeyAndText(string text, string key)
    {
        Assert.True(PredicateTopic.TryParse(text, out var topic, out var error), error);

        Assert.Equal(key, topic.Key);
        Assert.Equal(text, topic.Value);
    }

    [Theory]
    [Trait("Ref", "IG-4")]
    [InlineData(null, "Predicate must not be empty")]
    [InlineData("", "Predicate must not be empty")]
    [InlineData("aa..bb", "Predicate must not contain empty elements")]
    [InlineData(".aa", "Predicate must not contain empty elements")]
    [InlineData("aa.bb..", "Predicate must not contain empty elements")]
    [InlineData(".", "Predicate must not contain empty elements")]
    [InlineData(".*", "Predicate must not contain empty elements")]
    [InlineData("aa.*.*", "Predicate may contain only one wildcard and only as the last element")]
    [InlineData("**", "Predicate may contain only one wildcard and only as the last element")]
    [InlineData("aa.*.bb", "Only last element of a predicate can be a wildcard")]
    [InlineData("aa.*.", "Only last element of a predicate can be a wildcard")]
    [InlineData("aa.*b", "Only last element of a predicate can be a wildcard")]
    [InlineData("xx.yy*", "* character is supported only after a dot")]
    [InlineData("https://example.com/feed", "topic should contain dots, not slashes")]
    [InlineData("aa.b\nb", "Predicate must not contain control characters")]
    [InlineData("aa.b\0", "Predicate must not contain control characters")]
    public void TryParse_NoTopic_SaysWhy(string? text, string sentence)
    {
        Assert.False(PredicateTopic.TryParse(text, out var topic, out var error));

        Assert.Null(topic);
        Assert.Equal(sentence, error);
    }

    [Fact]
    public void TryParse_HalfACharacter_SaysWhy()
    {
        Assert.False(PredicateTopic.TryParse("aa.\ud800", out _, out var error));

        Assert.Equal("Predicate must be valid Unicode text", error);
    }

    [Fact]
    public void TryParse_TooLong_SaysHowLong()
    {
        Assert.True(PredicateTopic.TryParse(new('é', 1023), out _, out _));
        Assert.False(PredicateTopic.TryParse(new('é', 1024), out _, out var bytes));
        Assert.False(PredicateTopic.TryParse(new('\u0250', 1000), out _, out var grown));
        Assert.True(PredicateTopic.TryParse(string.Join('.', Enumerable.Repeat("a", 64)), out _, out _));
        Assert.False(PredicateTopic.TryParse(string.Join('.', Enumerable.Repeat("a", 65)), out _, out var elements));

        Assert.Equal("Predicate must not have more than 2048 bytes", bytes);
        Assert.Equal("Predicate must not have more than 2048 bytes", grown);
        Assert.Equal("Predicate must not have more than 64 elements", elements);
    }

    [Fact]
    [Trait("Ref", "IG-7")]
    public void Equals_SameMeaning_IsOneTopic()
    {
        var plain = Parse("xx.xx");
        var wildcard = Parse("XX.xx.*");
        var below = Parse("xx.xx.xx");

        Assert.Equal(plain, wildcard);
        Assert.Equal(plain.GetHashCode(), wildcard.GetHashCode());
        Assert.NotEqual(plain, below);
    }

    [Theory]
    [Trait("Ref", "IG-11")]
    [InlineData("ooo.aaa", "ooo.aaa.bbb", true)]
    [InlineData("ooo.aaa.bbb", "OOO.AAA.BBB", true)]
    [InlineData("ooo.aaa.bbb", "ooo.aaa", false)]
    [InlineData("AA.BB.CC", "AA.BB.CCCC", false)]
    [InlineData("*", "anything", true)]
    [InlineData("aa", "bb", false)]
    [InlineData("aa", "aa.*", false)]
    public void Covers_Predicate_ComparesWholeElements(string topic, string predicate, bool expected) =>
        Assert.Equal(expected, Parse(topic).Covers(predicate));

    [Theory]
    [InlineData("", "Predicate must not be empty")]
    [InlineData("aa.*", "Predicate of a message must not contain a wildcard")]
    [InlineData("aa.", "Predicate must not contain empty elements")]
    [InlineData("aa/bb", "topic should contain dots, not slashes")]
    public void TryNormalize_NoPredicate_SaysWhy(string text, string sentence)
    {
        Assert.False(Predicate.TryNormalize(text, out var key, out var error));

        Assert.Null(key);
        Assert.Equal(sentence, error);
    }

    [Fact]
    public void TryParse_AnyText_NeverThrowsAndIsStable()
    {
        const string Alphabet = "aAbß.ıÉ*/. \u0250\ud800\udc00\0";
        var text = Gen.ListOf(Gen.Elements(Alphabet.ToCharArray())).Select(c => new string([.. c]));
        var property = Prop.ForAll(
            text.ToArbitrary(),
            t =>
                !PredicateTopic.TryParse(t, out var topic, out _)
                || topic.Key.Length == 0
                || (Parse(topic.Key).Key == topic.Key && topic.Covers(topic.Key.TrimEnd('.')) && topic.Covers(topic.Key + "x"))
        );

        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(5000), property);
    }

    private static PredicateTopic Parse(string text) =>
        PredicateTopic.TryParse(text, out var topic, out var error) ? topic : throw new ArgumentException(error, nameof(text));
}
