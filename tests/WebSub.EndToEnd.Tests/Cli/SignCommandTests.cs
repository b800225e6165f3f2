using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>websub sign</c> and <c>websub verify</c> (C1–C5, C8). The expected values come from <c>openssl dgst -HMAC</c>.</summary>
public sealed class SignCommandTests : IDisposable
{
    private const string HelloSha256 = "sha256=e5a01537481fa0b2c697f787c7aff885412cf0760d08e08502259b39d2d6ae68";

    private readonly string _file = Path.GetTempFileName();

    public SignCommandTests() => File.WriteAllText(_file, "hello");

    [Fact]
    public async Task Sign_File_PrintsTheHeaderValue()
    {
        var result = await CliProcess.RunAsync("sign", _file, "--secret", "s3cret");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([HelloSha256], result.Output);
        Assert.Empty(result.Error);
    }

    public void Dispose() => File.Delete(_file);
}
