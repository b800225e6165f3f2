namespace WebSub.Hub;

/// <summary>The answers of the protocol endpoints: a status and, for an error, a sentence in text/plain (§5.1.2 asks for it).</summary>
internal static class HubResults
{
    public static IResult Accepted() => TypedResults.StatusCode(StatusCodes.Status202Accepted);

    public static IResult BadRequest(string sentence) => Text(StatusCodes.Status400BadRequest, sentence);

    public static IResult TooLarge(long limit) => Text(StatusCodes.Status413PayloadTooLarge, $"The body has more than {limit} bytes.");

    public static IResult Text(int status, string sentence) => TypedResults.Text(sentence + "\n", "text/plain; charset=utf-8", System.Text.Encoding.UTF8, status);
}
