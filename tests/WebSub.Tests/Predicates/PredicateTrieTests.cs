using FsCheck;
using FsCheck.Fluent;

namespace WebSub.Predicates;

public sealed class PredicateTrieTests
{
    // Few elements, so that topics and predicates meet often; some start each other, some differ in case only.
    private static readonly Gen<string> Element = Gen.Elements("un", "UN", "u", "cefact", "Trade", "é");
    private static readonly Gen<string> Dotted = Gen.NonEmptyListOf(Element).Resize(5).Select(e => string.Join('.', e));
    private static readonly Gen<string> Topic = Dotted.SelectMany(d => Gen.Elements(d, d + ".", d + ".*", "*"));

    [Fact]
    public void Match_AnyTopics_AgreesWithNaiveMatcher()
    {
        var property = Prop.ForAll(
            Gen.ListOf(Topic).ToArbitrary(),
            Dotted.ToArbitrary(),
            (texts, predicate) =>
            {
                var topics = texts.Select(Parse).ToList();
                var trie = new PredicateTrie<int>();
                for (var i = 0; i < topics.Count; i++)
                    trie.Add(topics[i].Key, i);

                return Match(trie, predicate).SetEquals(Enumerable.Range(0, topics.Count).Where(i => topics[i].Covers(predicate)));
            }
        );

        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000), property);
    }

    [Fact]
    public void Remove_InAnyOrder_AgreesWithNaiveMatcherAndLeavesNothing()
    {
        var edit = Topic.SelectMany(t =>
            Gen.Choose(0, 3).SelectMany(v => Gen.Elements(true, true, false).Select(add => (Text: t, Value: v, Add: add)))
        );
        var edits = Gen.ListOf(edit);
        var property = Prop.ForAll(
            edits.ToArbitrary(),
            Dotted.ToArbitrary(),
            (steps, predicate) =>
            {
                var trie = new PredicateTrie<int>();
                var held = new List<(PredicateTopic Topic, int Value)>();
                foreach (var (text, value, add) in steps)
                {
                    var item = (Parse(text), value);
                    if (add)
                        trie.Add(item.Item1.Key, value);
                    if (add)
                        held.Add(item);
                    if (!add && trie.Remove(item.Item1.Key, value) != held.Remove(item))
                        return false;
                }

                var agrees =
                    trie.Count == held.Count
                    && Match(trie, predicate).SetEquals(held.Where(h => h.Topic.Covers(predicate)).Select(h => h.Value));
                foreach (var (topic, value) in held)
                    trie.Remove(topic.Key, value);
                return agrees && trie is { Count: 0, Nodes: 0 } && Match(trie, predicate).Count == 0;
            }
        );

        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000), property);
    }

    [Fact]
    public void Remove_AddedTwice_StaysUntilRemovedTwice()
    {
        var trie = new PredicateTrie<string>();
        trie.Add("A.", "x");
        trie.Add("A.", "x");

        Assert.True(trie.Remove("A.", "x"));
        Assert.Equal(["x"], Match(trie, "a.b"));
        Assert.True(trie.Remove("A.", "x"));
        Assert.Empty(Match(trie, "a.b"));
        Assert.False(trie.Remove("A.", "x"));
    }

    [Fact]
    public void Remove_Leaf_KeepsWhatOthersNeed()
    {
        var trie = new PredicateTrie<string>();
        trie.Add("A.B.", "x");
        trie.Add("A.B.C.D.", "x");

        trie.Remove("A.B.C.D.", "x");

        Assert.Equal(2, trie.Nodes);
        Assert.Equal(["x"], Match(trie, "a.b.c.d"));
    }

    [Fact]
    [Trait("Ref", "IG-9")]
    public void Match_SeveralLevels_FindsValueOnce()
    {
        var trie = new PredicateTrie<string>();
        foreach (var key in new[] { "", "A.", "A.B.", "A.B.C.", "A.B.C.D." })
            trie.Add(key, "x");

        Assert.Equal(["x"], Match(trie, "a.b.c"));
        Assert.Equal(5, trie.Count);
    }

    private static HashSet<T> Match<T>(PredicateTrie<T> trie, string predicate)
        where T : notnull
    {
        Assert.True(Predicate.TryNormalize(predicate, out var key, out var error), error);
        var found = new HashSet<T>();
        trie.Match(key, found);
        return found;
    }

    private static PredicateTopic Parse(string text) =>
        PredicateTopic.TryParse(text, out var topic, out var error) ? topic : throw new ArgumentException(error, nameof(text));
}
