using System.Text;
using WebSub.Secrets;
using WebSub.Storage;

namespace WebSub.Subscriber.Storage;

/// <summary>
/// A text that must not be readable in the database or its backups, in its stored form. Rows of an older version hold it in plain text
/// until their next change.
/// </summary>
/// <param name="Stored">What the column holds.</param>
internal readonly record struct SealedText(string Stored) : IColumnValue<SealedText, string>
{
    private const string Mark = "sealed:";

    /// <summary>Finds a row if any stored text is sealed.</summary>
    public static string AnySealed { get; } =
        $$"""
            select 1 from {subscriptions} where '{{Mark}}' in (
              substr(options, 1, {{Mark.Length}}), substr(secret, 1, {{Mark.Length}}),
              substr(pending_secret, 1, {{Mark.Length}}), substr(declared, 1, {{Mark.Length}}))
            """;

    static SealedText IColumnValue<SealedText, string>.FromStored(string stored) => new(stored);

    /// <summary>Seals the text of a subscription's column; null stays null.</summary>
    public static SealedText? Seal(SecretBox box, string? text, string id, string column) =>
        text switch
        {
            null => null,
            "" => new(""),
            _ => new(Mark + Convert.ToBase64String(box.Seal(Encoding.UTF8.GetBytes(text), id, column).Bytes)),
        };

    public string Open(SecretOpener opener) =>
        Stored.StartsWith(Mark, StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(opener.Open(new(Convert.FromBase64String(Stored[Mark.Length..]))))
            : Stored;
}
