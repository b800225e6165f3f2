using System.Text;
using WebSub.Secrets;

namespace WebSub.Subscriber.Storage;

/// <summary>
/// Texts that nobody shall read in the database or in its backups. Rows of an older version have them in the clear until their next change.
/// </summary>
internal static class SealedText
{
    /// <summary>Finds a row if any text is stored sealed.</summary>
    public const string Stored =
        "select 1 from {subscriptions} where '"
        + Mark
        + "' in (substr(options, 1, 7), substr(secret, 1, 7), substr(pending_secret, 1, 7), substr(declared, 1, 7))";

    private const string Mark = "sealed:";

    /// <summary>Seals a text of a column of a subscription; null stays null.</summary>
    public static string? Seal(SecretBox box, string? text, string id, string column) =>
        string.IsNullOrEmpty(text) ? text : Mark + Convert.ToBase64String(box.Seal(Encoding.UTF8.GetBytes(text), id, column)!);

    public static string? Open(SecretOpener opener, string? text) =>
        text?.StartsWith(Mark, StringComparison.Ordinal) == true
            ? Encoding.UTF8.GetString(opener.Open(Convert.FromBase64String(text[Mark.Length..])))
            : text;
}
