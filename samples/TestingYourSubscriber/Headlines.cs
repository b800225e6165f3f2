using System.Threading.Channels;

namespace TestingYourSubscriber;

/// <summary>The app's own store, much simplified: new headlines, for whoever shows them.</summary>
public sealed class Headlines
{
    private readonly Channel<string> _new = Channel.CreateUnbounded<string>();

    /// <summary>Adds a headline.</summary>
    public void Add(string headline) => _new.Writer.TryWrite(headline);

    /// <summary>The next headline, as soon as there is one.</summary>
    public ValueTask<string> NextAsync(CancellationToken cancellationToken) => _new.Reader.ReadAsync(cancellationToken);

    /// <summary>Whether there is one that nobody has read.</summary>
    public bool HasNext => _new.Reader.TryPeek(out _);
}
