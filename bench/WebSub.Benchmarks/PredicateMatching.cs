using BenchmarkDotNet.Attributes;
using WebSub.Predicates;

namespace WebSub.Benchmarks;

/// <summary>
/// Finds the subscriptions that cover a message among 100,000 random ones: by the trie, and by a scan that compares each topic's key with
/// the start of the message's. Both get the key; both fill a set.
/// </summary>
[MemoryDiagnoser]
public class PredicateMatching
{
    private const int Subscriptions = 100_000;
    private const int Messages = 1_000;
    private readonly PredicateTrie<int> _trie = new();
    private readonly List<(string Key, int Value)> _list = [];
    private readonly string[] _messages = new string[Messages];
    private readonly HashSet<int> _found = [];
    private readonly HashSet<int> _scanned = [];
    private int _next;

    /// <summary>Topics and messages of one to six elements, each drawn from 40 words; the seed is fixed.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(20180123);
        for (var i = 0; i < Subscriptions; i++)
        {
            var key = Key(random, random.Next(1, 7));
            _trie.Add(key, i);
            _list.Add((key, i));
        }

        for (var i = 0; i < Messages; i++)
            _messages[i] = Key(random, random.Next(4, 7));
        foreach (var message in _messages)
        {
            if (!Find(message).SetEquals(Scan(message)))
                throw new InvalidOperationException($"Trie and scan differ on {message}.");
        }
    }

    /// <summary>The trie.</summary>
    [Benchmark]
    public int Trie() => Find(Next()).Count;

    /// <summary>The scan.</summary>
    [Benchmark(Baseline = true)]
    public int LinearScan() => Scan(Next()).Count;

    /// <summary>One subscription comes and goes.</summary>
    [Benchmark]
    public bool TrieAddAndRemove()
    {
        var key = Next();
        _trie.Add(key, Subscriptions);
        return _trie.Remove(key, Subscriptions);
    }

    private static string Key(Random random, int elements) =>
        string.Concat(Enumerable.Range(0, elements).Select(_ => $"WORD{random.Next(40)}."));

    private string Next() => _messages[_next = (_next + 1) % Messages];

    private HashSet<int> Find(string message)
    {
        _found.Clear();
        _trie.Match(message, _found);
        return _found;
    }

    private HashSet<int> Scan(string message)
    {
        _scanned.Clear();
        foreach (var (key, value) in _list)
        {
            if (message.StartsWith(key, StringComparison.Ordinal))
                _scanned.Add(value);
        }

        return _scanned;
    }
}
