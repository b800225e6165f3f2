namespace WebSub.Predicates;

/// <summary>
/// Finds the topics that cover a message by walking the message's elements, so the cost depends on the depth of the predicate and not on
/// the number of subscriptions. Keys are those of <see cref="PredicateTopic.Key"/> and <see cref="Predicate.TryNormalize"/>. Not
/// thread-safe.
/// </summary>
/// <typeparam name="T">What a topic leads to, for example a subscription's id.</typeparam>
public sealed class PredicateTrie<T>
    where T : notnull
{
    private readonly Node _root = new(null, "");

    /// <summary>How many values it holds; one added twice counts twice.</summary>
    public int Count { get; private set; }

    /// <summary>How many nodes hold them, not counting the root.</summary>
    internal int Nodes { get; private set; }

    /// <summary>Adds a value under a topic. Values are counted: one added twice must be removed twice.</summary>
    public void Add(string key, T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        var node = _root;
        foreach (var element in Elements(key))
        {
            var next = node.Find(element);
            if (next is null)
            {
                next = node.Grow(element);
                Nodes++;
            }

            node = next;
        }

        node.Values ??= [];
        node.Values[value] = node.Values.GetValueOrDefault(value) + 1;
        Count++;
    }

    /// <summary>Removes one addition of a value, and the nodes left empty. False if there was none.</summary>
    public bool Remove(string key, T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        var node = _root;
        foreach (var element in Elements(key))
        {
            node = node.Find(element);
            if (node is null)
                return false;
        }

        if (node.Values is null || !node.Values.TryGetValue(value, out var times))
            return false;
        if (times > 1)
            node.Values[value] = times - 1;
        else
            node.Values.Remove(value);
        Count--;
        for (; node.IsEmpty && node.Parent is { } parent; node = parent)
        {
            parent.Cut(node);
            Nodes--;
        }

        return true;
    }

    /// <summary>Adds to <paramref name="into"/> the values of every topic that covers the predicate.</summary>
    /// <param name="predicateKey">The key of a message's predicate.</param>
    /// <param name="into">Receives the values; one found at several levels is added once.</param>
    public void Match(string predicateKey, ISet<T> into)
    {
        ArgumentNullException.ThrowIfNull(predicateKey);
        ArgumentNullException.ThrowIfNull(into);
        var node = _root;
        node.CopyTo(into);
        foreach (var element in Elements(predicateKey))
        {
            node = node.Find(element);
            if (node is null)
                return;
            node.CopyTo(into);
        }
    }

    private static ElementEnumerator Elements(string key) => new(key);

    /// <summary>The elements of a key, without copying them.</summary>
    private ref struct ElementEnumerator(ReadOnlySpan<char> rest)
    {
        private ReadOnlySpan<char> _rest = rest;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly ElementEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            var dot = _rest.IndexOf('.');
            Current = dot < 0 ? _rest : _rest[..dot];
            _rest = dot < 0 ? [] : _rest[(dot + 1)..];
            return true;
        }
    }

    private sealed class Node(Node? parent, string element)
    {
        private Dictionary<string, Node>? _children;

        public Node? Parent { get; } = parent;

        /// <summary>How many times each value was added here.</summary>
        public Dictionary<T, int>? Values { get; set; }

        public bool IsEmpty => Values is null or { Count: 0 } && _children is null or { Count: 0 };

        public Node? Find(ReadOnlySpan<char> element) =>
            _children is not null && _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(element, out var child) ? child : null;

        public Node Grow(ReadOnlySpan<char> element)
        {
            var name = element.ToString();
            var child = new Node(this, name);
            _children ??= new(StringComparer.Ordinal);
            _children.Add(name, child);
            return child;
        }

        public void Cut(Node child) => _children!.Remove(child.Element);

        public void CopyTo(ISet<T> into)
        {
            if (Values is null)
                return;
            foreach (var value in Values.Keys)
                into.Add(value);
        }

        private string Element { get; } = element;
    }
}
