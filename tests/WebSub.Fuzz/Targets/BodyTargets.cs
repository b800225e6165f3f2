using WebSub.Documents;

namespace WebSub.Fuzz.Targets;

/// <summary>Bodies as they come: the first line is a header, the rest the body.</summary>
internal static class BodyTargets
{
    private const int MaxBytes = 1024 * 1024;

    public static void Codings(byte[] input)
    {
        var (coding, body) = Input.SplitLine(input);
        try
        {
            ContentCoding.Decode(body, coding, MaxBytes);
        }
        catch (InvalidDataException)
        {
            // Documented: it cannot be undone, breaks off, or is too large.
        }
    }

    public static void Charsets(byte[] input)
    {
        var (contentType, body) = Input.SplitLine(input);
        DocumentText.Decode(body, contentType);
        DocumentText.Decode(body, null);
        DocumentText.DecodeStrictly(body, contentType);
        DocumentText.EncodingOf(body, contentType).GetString(body);
        DocumentXml.StartsAsFeed(body, contentType);
    }
}
