namespace WebSub.Subscriber.Handlers;

/// <summary>The handlers of the app by name.</summary>
internal sealed class HandlerRegistry
{
    private readonly Dictionary<string, HandlerRegistration> _byName = new(StringComparer.Ordinal);

    public HandlerRegistry(IEnumerable<HandlerRegistration> registrations)
    {
        foreach (var registration in registrations)
        {
            if (!_byName.TryAdd(registration.Name, registration))
                Faults.Add($"Two handlers are named \"{registration.Name}\"; names must be unique.");
        }
    }

    public List<string> Faults { get; } = [];

    public IEnumerable<string> Names => _byName.Keys;

    public HandlerRegistration? Find(string name) => _byName.GetValueOrDefault(name);
}
