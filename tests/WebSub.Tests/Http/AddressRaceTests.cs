using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace WebSub.Http;

public sealed class AddressRaceTests
{
    private static readonly IPAddress[] Dual =
    [
        IPAddress.Parse("2001:db8::1"),
        IPAddress.Parse("2001:db8::2"),
        IPAddress.Parse("192.0.2.1"),
    ];

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _tried = [];

    [Fact]
    public async Task Run_FirstAddressIsDead_TriesOneOfTheOtherFamilyAfterItsHeadStart()
    {
        var race = Race((address, over) => address.AddressFamily == AddressFamily.InterNetwork ? Connected() : Never(over));

        var running = race.RunAsync(Dual, 80, CancellationToken.None);
        var before = _tried.ToList();
        _time.Advance(AddressRace.HeadStart);
        await using var stream = await running;

        Assert.Equal(["[2001:db8::1]:80"], before);
        Assert.Equal(["[2001:db8::1]:80", "192.0.2.1:80"], _tried);
    }

    [Fact]
    public async Task Run_AddressThatRefuses_DoesNotUseUpItsHeadStart()
    {
        var race = Race(
            (address, _) =>
                address.AddressFamily == AddressFamily.InterNetwork
                    ? Connected()
                    : throw new SocketException((int)SocketError.ConnectionRefused)
        );

        await using var stream = await race.RunAsync(Dual, 80, CancellationToken.None);

        Assert.Equal(["[2001:db8::1]:80", "192.0.2.1:80"], _tried);
    }

    [Fact]
    public async Task Run_NoneAnswers_SaysWhatBecameOfEach()
    {
        var race = Race(
            (address, over) =>
                address.AddressFamily == AddressFamily.InterNetwork
                    ? Never(over)
                    : throw new SocketException((int)SocketError.NetworkUnreachable, "no route")
        );

        var running = race.RunAsync(Dual, 443, CancellationToken.None);
        _time.Advance(AddressRace.HeadStart);
        _time.Advance(TimeSpan.FromSeconds(5));
        var failure = await Assert.ThrowsAsync<SocketException>(() => running);

        Assert.Equal("[2001:db8::1]:443: no route; [2001:db8::2]:443: no route; 192.0.2.1:443: no connection within 5 s", failure.Message);
        Assert.Equal(SocketError.TimedOut, failure.SocketErrorCode);
    }

    [Fact]
    public async Task Run_NameWithVeryManyAddresses_TriesSome()
    {
        var race = Race((_, _) => throw new SocketException((int)SocketError.ConnectionRefused, "no"));

        await Assert.ThrowsAsync<SocketException>(() =>
            race.RunAsync(Enumerable.Range(1, 250).Select(i => IPAddress.Parse($"192.0.2.{i}")), 80, CancellationToken.None)
        );

        Assert.Equal(AddressRace.MaxAddresses, _tried.Count);
    }

    [Fact]
    public async Task Run_Winner_LeavesNoConnectionBehind()
    {
        var late = new TaskCompletionSource<Stream>();
        var race = Race((address, _) => address.AddressFamily == AddressFamily.InterNetwork ? Connected() : late.Task);

        var running = race.RunAsync(Dual, 80, CancellationToken.None);
        _time.Advance(AddressRace.HeadStart);
        await using var stream = await running;
        var loser = new MemoryStream();
        late.SetResult(loser);

        Assert.False(loser.CanRead);
    }

    [Fact]
    public async Task Run_Cancelled_IsCancelled()
    {
        using var caller = new CancellationTokenSource();
        var race = Race((_, over) => Never(over));

        var running = race.RunAsync(Dual, 80, caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private AddressRace Race(Func<IPAddress, CancellationToken, Task<Stream>> connect) =>
        new(
            TimeSpan.FromSeconds(5),
            _time,
            async (endpoint, over) =>
            {
                _tried.Add(endpoint.ToString());
                return await connect(endpoint.Address, over);
            }
        );

    private static Task<Stream> Connected() => Task.FromResult<Stream>(new MemoryStream());

    private static Task<Stream> Never(CancellationToken over)
    {
        var never = new TaskCompletionSource<Stream>();
        over.Register(() => never.TrySetCanceled(over));
        return never.Task;
    }
}
