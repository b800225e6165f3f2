namespace WebSub.Cli.Listening;

/// <summary>Where a host is, seen from outside.</summary>
internal enum NetworkPlace
{
    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>A private network.</summary>
    Private,

    /// <summary>Anywhere else, as far as can be told.</summary>
    Public,
}
