using System.Globalization;
using System.Net.Sockets;
using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Deploy;

/// <summary>The unit in deploy/systemd, as systemd's own checks see it, and what the server tells systemd.</summary>
public sealed class SystemdTests : IDisposable
{
    private const string Analyze = "/usr/bin/systemd-analyze";
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-systemd-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Unit_Verified_HasNoFault()
    {
        var unit = await UnitAsync();

        var result = await CliProcess.RunProgramAsync(Analyze, ["verify", "--man=no", unit]);

        Assert.DoesNotContain(result.Error, l => l.Contains("websub-hub.service", StringComparison.Ordinal));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Unit_Exposure_IsLow()
    {
        var unit = await UnitAsync();

        var result = await CliProcess.RunProgramAsync(Analyze, ["security", "--offline=true", "--no-pager", unit]);

        var words = result.Output[^1].Split(' ');
        var exposure = words.Select(w => decimal.TryParse(w, CultureInfo.InvariantCulture, out var n) ? n : -1).Max();
        Assert.InRange(exposure, 0m, 2.0m);
    }

    [Fact]
    public async Task Server_UnderSystemd_SaysWhenItIsReady()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has systemd.");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var address = Path.Combine(_folder, "notify");
        socket.Bind(new UnixDomainSocketEndPoint(address));
        // The server looks at its parent's name.
        var parent = Path.Combine(_folder, "systemd");
        File.Copy("/bin/sh", parent);

        await using var server = RunningProcess.Start(
            parent,
            ["-c", $"\"{Repository.DotNet}\" \"{Repository.Server}\" --urls http://localhost:{FreePort.Next()}; exit $?"],
            new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = address },
            _folder
        );
        using var deadline = new CancellationTokenSource(Deadline.Default);
        var buffer = new byte[256];
        var length = await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, deadline.Token);

        Assert.Contains("READY=1", Encoding.UTF8.GetString(buffer, 0, length), StringComparison.Ordinal);
    }

    /// <summary>A copy whose program exists on this machine.</summary>
    private async Task<string> UnitAsync()
    {
        Assert.SkipUnless(File.Exists(Analyze), "systemd-analyze is not installed.");
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "systemd", "websub-hub.service"));
        var file = Path.Combine(_folder, "websub-hub.service");
        await File.WriteAllTextAsync(file, text.Replace("/opt/websub/WebSub.Server", "/bin/true", StringComparison.Ordinal));
        return file;
    }
}
