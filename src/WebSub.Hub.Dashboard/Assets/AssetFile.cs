namespace WebSub.Hub.Dashboard.Assets;

/// <summary>A script or style.</summary>
/// <param name="Plain">As it is.</param>
/// <param name="Brotli">Compressed.</param>
/// <param name="Tag">Changes with what is in it.</param>
internal sealed record AssetFile(byte[] Plain, byte[] Brotli, string Tag);
