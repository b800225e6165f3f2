namespace WebSub.Values;

[Trait("Req", "S11")]
public sealed class SecretTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(199)]
    public void TryParse_UpTo199Bytes_IsASecret(int length)
    {
        var parsed = Secret.TryParse(new string('x', length), out var secret, out var error);

        Assert.True(parsed);
        Assert.Null(error);
        Assert.Equal(length, secret!.Bytes.Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void TryParse_Empty_IsNone(string? text)
    {
        Assert.False(Secret.TryParse(text, out _, out var error));
        Assert.Equal("is empty; leave it out to get unsigned deliveries", error);
    }

    [Theory]
    [InlineData("x", 200, "has 200 bytes; it must have fewer than 200 (W3C WebSub §5.1)")]
    [InlineData("é", 100, "has 200 bytes; it must have fewer than 200 (W3C WebSub §5.1)")]
    [InlineData("😀", 50, "has 200 bytes; it must have fewer than 200 (W3C WebSub §5.1)")]
    public void TryParse_200BytesAndMore_IsRefusedWithoutRepeatingIt(string piece, int count, string expected)
    {
        var text = string.Concat(Enumerable.Repeat(piece, count));

        Assert.False(Secret.TryParse(text, out var secret, out var error));
        Assert.Null(secret);
        Assert.Equal(expected, error);
        Assert.Throws<ArgumentException>(() => Secret.Parse(text));
    }

    [Fact]
    [Trait("Req", "S9")]
    public void Generate_Twice_GivesTwoRandomSecretsOf256Bits()
    {
        var one = Secret.Generate();
        var other = Secret.Generate();

        Assert.NotEqual(one.Value, other.Value);
        Assert.Matches("^[0-9a-f]{64}$", one.Value);
    }

    [Fact]
    public void ToString_AnySecret_IsStars() => Assert.Equal("***", $"{Secret.Parse("geheim")}");
}
