using System.Globalization;
using System.Text;

namespace WebSub.Http;

/// <summary>Makes text from the network safe to show in a sentence, a log or a terminal.</summary>
internal static class PlainText
{
    /// <summary>
    /// The text on one line, without control and formatting characters (terminal escapes, direction marks), cut after
    /// <paramref name="maxLength"/>.
    /// </summary>
    public static string Of(string text, int maxLength = 200)
    {
        var result = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (result.Length >= maxLength)
                return result.ToString().TrimEnd() + "…";
            var printable =
                Rune.GetUnicodeCategory(rune)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned
                );
            if (printable)
                result.Append(rune.ToString());
            else if (result.Length > 0 && result[^1] != ' ')
                result.Append(' ');
        }

        return result.ToString().Trim();
    }
}
