namespace WebSub.Http;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain ünïcode 😀", "plain ünïcode 😀")]
    [InlineData(" a\r\n\tb\u001b[31mc\0", "a b [31mc")]
    [InlineData("a\u202eb\u200bc\u2028d\u009be", "a b c d e")]
    [InlineData("12345678901234567890", "1234567890123456…")]
    [InlineData("", "")]
    public void Of_NetworkText_IsFitToPrint(string text, string expected) => Assert.Equal(expected, PlainText.Of(text, 16));
}
