using System.Diagnostics.CodeAnalysis;
using WebSub.Protocol;

namespace WebSub.Hub.Endpoints;

/// <summary>Reads a form that was sent to the hub.</summary>
internal static class HubForm
{
    /// <summary>The start of the names that are the protocol's.</summary>
    private static ReadOnlySpan<byte> Own => "hub."u8;

    /// <summary>
    /// The fields. One that is not the protocol's and no valid UTF-8 is left out: what is not understood is ignored (H5). The protocol's
    /// own are compared and sent back, so there such bytes are an error.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<byte> form,
        [NotNullWhen(true)] out HubFields? fields,
        [NotNullWhen(false)] out string? error
    ) => HubFields.TryParse(form, out fields, out error) || HubFields.TryParse(WithoutForeign(form), out fields, out error);

    private static byte[] WithoutForeign(ReadOnlySpan<byte> form)
    {
        var kept = new List<byte>(form.Length);
        foreach (var range in form.Split((byte)'&'))
        {
            var pair = form[range];
            if (!pair.StartsWith(Own) && !HubFields.TryParse(pair, out _, out _))
                continue;
            kept.AddRange(pair);
            kept.Add((byte)'&');
        }

        return [.. kept];
    }
}
