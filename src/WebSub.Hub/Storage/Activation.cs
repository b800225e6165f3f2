using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>A subscribe request whose intent is verified.</summary>
/// <param name="Request">What it asked for.</param>
/// <param name="VerifiedAt">When the verification went out: the lease counts from there (§5.3.1).</param>
/// <param name="LeaseEnd">When the lease ends.</param>
/// <param name="Now">The time.</param>
internal sealed record Activation(RequestRow Request, DatabaseTime VerifiedAt, DatabaseTime LeaseEnd, DatabaseTime Now);
