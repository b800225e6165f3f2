using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>websub sign</c> (C1–C3). The expected values come from <c>openssl dgst -hmac s3cret</c>.</summary>
public sealed class SignCommandTests : IDisposable
{
    private const string Sha256 = "sha256=e5a01537481fa0b2c697f787c7aff885412cf0760d08e08502259b39d2d6ae68";

    private readonly string _file = Path.GetTempFileName();

    public SignCommandTests() => File.WriteAllText(_file, "hello");

    [Fact]
    public async Task Sign_File_PrintsTheHeaderValueAndNothingElse()
    {
        var result = await CliProcess.RunAsync("sign", _file, "--secret", "s3cret");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([Sha256], result.Output);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("sha1", "sha1=f875ad165d97aba6b68e2c2f7ea314aeb2a0082f")]
    [InlineData("sha384", "sha384=4e54e8d2fa73a522418b3694e640f59d4b7046b6682e18c61d9e63797d3326b125bf09a7b89ae4486179d71088ad85a6")]
    public async Task Sign_Method_IsUsed(string method, string expected)
    {
        var result = await CliProcess.RunAsync("sign", _file, "--secret", "s3cret", "--method", method);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([expected], result.Output);
    }

    [Fact]
    public async Task Sign_Json_IsOneObjectOnALine()
    {
        var result = await CliProcess.RunAsync("sign", _file, "--secret", "s3cret", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(Sha256, result.Json.GetProperty("signature").GetString());
        Assert.Equal("sha256", result.Json.GetProperty("method").GetString());
        Assert.Equal(5, result.Json.GetProperty("bytes").GetInt32());
    }

    [Fact]
    public async Task Sign_StandardInput_IsReadForADash()
    {
        var result = await CliProcess.RunAsync(["sign", "-", "--secret", "s3cret"], environment: null, input: "hello");

        Assert.Equal([Sha256], result.Output);
    }

    [Fact]
    public async Task Sign_SecretInTheEnvironment_IsTaken()
    {
        var result = await CliProcess.RunAsync(["sign", _file], new Dictionary<string, string?> { ["WEBSUB_SECRET"] = "s3cret" });

        Assert.Equal([Sha256], result.Output);
    }

    [Fact]
    public async Task Sign_AtSign_IsNotAResponseFile()
    {
        var result = await CliProcess.RunAsync("sign", _file, "--secret", "@s3cret");

        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Sign_MissingFile_FailsWithASentence()
    {
        var result = await CliProcess.RunAsync("sign", _file + ".nowhere", "--secret", "s3cret");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"websub: Could not find file '{_file}.nowhere'.", result.Complaint);
    }

    [Fact]
    public async Task Sign_SecretOf200Bytes_IsBadUsage()
    {
        // 100 characters of two bytes each: the limit counts bytes (S11).
        var result = await CliProcess.RunAsync("sign", _file, "--secret", new string('é', 100));

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            "websub: --secret has 200 bytes; it must have fewer than 200 (W3C WebSub §5.1). See websub sign --help.",
            result.Complaint
        );
    }

    [Fact]
    public async Task Sign_NoSecret_IsBadUsage()
    {
        var result = await CliProcess.RunAsync("sign", _file);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("websub: --secret is missing (WEBSUB_SECRET in the environment works too). See websub sign --help.", result.Complaint);
    }

    [Fact]
    public async Task Sign_UnknownMethod_IsBadUsage()
    {
        var result = await CliProcess.RunAsync("sign", _file, "--secret", "s3cret", "--method", "SHA256");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            "websub: --method \"SHA256\" must be sha1, sha256, sha384 or sha512; did you mean sha256? See websub sign --help.",
            result.Complaint
        );
    }

    public void Dispose() => File.Delete(_file);
}
