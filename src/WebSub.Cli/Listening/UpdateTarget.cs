using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>Where updates go besides the terminal: a folder, a command, a URL.</summary>
/// <returns>A sentence if it failed; otherwise null.</returns>
internal delegate Task<string?> UpdateTarget(WebSubNotification notification, CancellationToken cancellationToken);
