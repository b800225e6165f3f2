namespace WebSub.Documents;

/// <summary>A document is over a limit; the message ends the sentence "The document …". Never leaves this folder.</summary>
internal sealed class DocumentLimitException(string message) : Exception(message);
