using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>websub verify</c> (C4, C5, C8).</summary>
public sealed class VerifyCommandTests : IDisposable
{
    private const string Sha1 = "sha1=f875ad165d97aba6b68e2c2f7ea314aeb2a0082f";

    private readonly string _file = Path.GetTempFileName();

    public VerifyCommandTests() => File.WriteAllText(_file, "hello");

    [Theory]
    [InlineData(Sha1)]
    [InlineData("sha1=F875AD165D97ABA6B68E2C2F7EA314AEB2A0082F")]
    [InlineData("X-Hub-Signature: " + Sha1)]
    public async Task Verify_GoodSignature_IsDone(string signature)
    {
        var result = await CliProcess.RunAsync("verify", _file, "--secret", "s3cret", "--signature", signature);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["The signature is valid."], result.Output);
    }

    [Theory]
    [InlineData("sha1=e875ad165d97aba6b68e2c2f7ea314aeb2a0082f", "websub: The signature does not match: the bytes or the secret differ.")]
    [InlineData("sha1=5e0fe1", "websub: The signature is malformed: it must be method=hex, with as many hex digits as the method has.")]
    [InlineData(
        "f875ad165d97aba6b68e2c2f7ea314aeb2a0082f",
        "websub: The signature is malformed: it must be method=hex, with as many hex digits as the method has."
    )]
    [InlineData(
        "md5=5e0fe1edd94927c1301d40240e5decb0",
        "websub: The signature's method must be sha1, sha256, sha384 or sha512, in lower case."
    )]
    [InlineData("X-Hub-Signature:", "websub: The signature is empty, so it proves nothing.")]
    public async Task Verify_OtherSignature_FailsAndSaysWhy(string signature, string complaint)
    {
        var result = await CliProcess.RunAsync("verify", _file, "--secret", "s3cret", "--signature", signature);

        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Equal(complaint, result.Complaint);
    }

    [Fact]
    public async Task Verify_JsonOfAMismatch_SaysSoOnOneLineAndFails()
    {
        var result = await CliProcess.RunAsync("verify", _file, "--secret", "other", "--signature", Sha1, "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.False(result.Json.GetProperty("valid").GetBoolean());
        Assert.Equal("mismatch", result.Json.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Verify_NoSignature_IsBadUsage()
    {
        var result = await CliProcess.RunAsync("verify", _file, "--secret", "s3cret");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(
            "verify needs --signature <VALUE>, for example \"websub verify body.json",
            result.Complaint,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => File.Delete(_file);
}
