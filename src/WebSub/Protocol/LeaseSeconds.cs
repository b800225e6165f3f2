using System.Globalization;

namespace WebSub.Protocol;

/// <summary>
/// Reads <c>hub.lease_seconds</c>: a decimal integer of any size (a value too large for a lease is clamped by the caller, not refused).
/// </summary>
public static class LeaseSeconds
{
    /// <summary>
    /// True for decimal digits, with or without a leading minus. Values beyond <see cref="long"/> saturate, so that a request for a
    /// thousand billion years reads as "as long as possible" instead of overflowing.
    /// </summary>
    public static bool TryParse(string? text, out long seconds)
    {
        seconds = 0;
        if (string.IsNullOrEmpty(text))
            return false;
        var digits = text.AsSpan(text[0] == '-' ? 1 : 0);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seconds))
        {
            seconds = text[0] == '-' ? long.MinValue : long.MaxValue;
        }

        return true;
    }
}
