using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Cli.Terminal;
using WebSub.Discovery;
using WebSub.Hosting;
using WebSub.Http;
using WebSub.Storage;
using WebSub.Subscriber;
using WebSub.Subscriber.Leases;

namespace WebSub.Cli.Listening;

/// <summary>One run of <c>websub listen</c>.</summary>
/// <remarks>
/// <para>1. Find the hubs, take a port; refuse what cannot work before anything is sent.</para>
/// <para>2. Start the app with the callback, and subscribe.</para>
/// <para>3. Until Ctrl-C, the last wanted update, or a final no: print.</para>
/// <para>4. Unsubscribe, answering the verification, before the port closes.</para>
/// </remarks>
internal sealed class ListenRun(ListenSettings settings, TimeProvider time)
{
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ShortGoodbye = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Shorter than the library's: a person is watching.
    private static readonly TimeSpan[] Retries = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)];
    private readonly ListenPrinter _printer = new(settings.Json, time);

    /// <summary>Runs, and returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        try
        {
            // 1.
            var outbound = Outbound.Options(settings.AllowPrivate, [settings.Url, settings.Hub ?? ""]);
            var memory = await ListenMemory.ReadAsync(settings.Database, interrupted);
            var found = settings.Hub is null ? await new ListenDiscovery(settings, _printer, time).FindAsync(outbound, interrupted) : null;
            IReadOnlyList<string> hubs = settings.Hub is { } hub ? [hub] : [.. found?.Hubs.Select(h => h.Url) ?? []];
            if (hubs.Count == 0 && !memory.HasSubscriptions)
                return ExitCode.Failed;
            using var port = TakePort(memory);
            if (port is null || !await CanBeReachedAsync(hubs, settings.PublicUrl ?? port.Url, interrupted))
                return ExitCode.Failed;

            if (settings.ApiKey is not null)
            {
                foreach (var named in hubs)
                    Outbound.WarnOfPlainHttp(named);
            }

            return await ListenAsync(outbound, port, memory, found, hubs, interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // Nothing had been asked for yet.
            return ExitCode.Done;
        }
        catch (DatabaseException e)
        {
            Report.Complain(e.Message);
            return ExitCode.Failed;
        }
    }

    private async Task<int> ListenAsync(
        OutboundOptions outbound,
        LoopbackPort port,
        ListenMemory memory,
        DiscoveryResult? found,
        IReadOnlyList<string> hubs,
        CancellationToken interrupted
    )
    {
        using var folder = new TemporaryFolder("websub-listen-");
        using var targets = UpdateTargets.Create(settings, time);
        if (targets is null)
            return ExitCode.Failed;
        using var sink = new UpdateSink(settings, _printer, targets.All, time);
        var session = new ListenSession(settings, _printer, sink, time);
        var baseUrl = settings.PublicUrl ?? port.Url;

        // 2.
        await using var app = ListenApp.Create(
            port,
            session,
            settings.Verbose,
            () => new ApiKeyHandler(settings.ApiKey, hubs),
            o =>
            {
                o.PublicUrl = new(baseUrl);
                o.ConnectionString = DatabaseOption.ToConnectionString(settings.Database ?? Path.Combine(folder.Path, "listen.db"));
                o.Outbound.AllowPrivateNetworks = outbound.AllowPrivateNetworks;
                o.Retry.Delays = Retries;
            }
        );
        // The library need not ask for it again.
        if (found is not null)
            app.Services.GetRequiredService<DiscoveredBefore>().Add(settings.Url, found);
        var subscriptions = app.Services.GetRequiredService<IWebSubSubscriptions>();
        var main = await subscriptions.SubscribeAsync(settings.Target, ListenApp.Handler, HowToSubscribe(baseUrl), interrupted);
        session.Begin(main);
        await app.StartAsync(interrupted);
        if (memory.HasSubscriptions && main.State == WebSubSubscriptionState.Active)
            Report.Note($"resumed the subscription to {main.Topic}; its lease ends at {main.LeaseEnd:u}.");

        // 3.
        var interruption = Task.Delay(Timeout.InfiniteTimeSpan, time, interrupted);
        var isSettled = Task.WhenAny(session.Ended, sink.Enough, session.Confirmed, interruption);
        var waiting = Waiting.ForAsync(
            isSettled,
            () => session.HasBeenAccepted ? "the hub to ask back" : "the hub to take the request",
            CancellationToken.None
        );
        await Task.WhenAny(waiting, Task.Delay(Patience, time, interrupted));
        if (!session.HasBeenAsked && !session.Confirmed.IsCompleted && !session.Ended.IsCompleted && !interruption.IsCompleted)
            Report.Note($"the hub has not asked back yet; does {baseUrl} lead it to port {port.Number} of this machine?");
        await waiting;
        var isWanted = await Task.WhenAny(session.Ended, sink.Enough, interruption) != session.Ended;

        // 4.
        var hasLeft = !isWanted || await UnsubscribeAsync(subscriptions, session);
        await app.StopAsync(CancellationToken.None);
        return isWanted && hasLeft && !sink.HasFailures ? ExitCode.Done : ExitCode.Failed;
    }

    private LoopbackPort? TakePort(ListenMemory memory)
    {
        var reached = settings.PublicUrl is { } text ? new Uri(text) : null;
        var wanted = settings.Port ?? (reached is { IsDefaultPort: false } ? reached.Port : null);
        var allAddresses = reached is { IsLoopback: false } && !settings.IsTunnel;
        try
        {
            var port = LoopbackPort.Take(wanted ?? 0, allAddresses);
            if (wanted is not null || memory.Port is not { } before)
            {
                if (wanted is null && allAddresses)
                    Report.Note($"listening on port {port.Number}; {settings.PublicUrl} must lead there (--port chooses it).");
                return port;
            }

            // Hubs go on calling the port of the last time, if it is still to be had.
            try
            {
                var same = LoopbackPort.Take(before, allAddresses);
                port.Dispose();
                return same;
            }
            catch (SocketException)
            {
                return port;
            }
        }
        catch (SocketException e)
        {
            Report.Complain($"Port {wanted} cannot be used: {e.Message}. Choose another with --port, or leave it out.");
            return null;
        }
    }

    private static async Task<bool> CanBeReachedAsync(IEnumerable<string> hubs, string callback, CancellationToken cancellationToken)
    {
        foreach (var hub in hubs)
        {
            if (await CallbackReach.FindFaultAsync(hub, callback, cancellationToken) is not { } fault)
                continue;
            Report.Complain(fault);
            foreach (var way in CallbackReach.WaysOut())
                Report.Note(way);
            return false;
        }

        return true;
    }

    private WebSubSubscribeOptions HowToSubscribe(string baseUrl) =>
        new()
        {
            LeaseSeconds = settings.LeaseSeconds,
            Secret = settings.Secret,
            Signature = settings.Signature,
            Verify = settings.Verify,
            HttpClient = ListenApp.ToHubs,
            // Kept with the subscription, so that the next run knows which port its hub calls.
            CallbackUrl = baseUrl,
            AppendPath = true,
        };

    private async Task<bool> UnsubscribeAsync(IWebSubSubscriptions subscriptions, ListenSession session)
    {
        var all = true;
        await foreach (var subscription in subscriptions.ListAsync(cancellationToken: CancellationToken.None))
        {
            if (!ListenMemory.IsOpen(subscription))
                continue;
            // A hub that never asked whether we meant it has nothing to let go of; it may still be trying.
            var isNews = subscription.State == WebSubSubscriptionState.Pending;
            var ending = EndAsync(subscriptions, session, subscription, isNews ? ShortGoodbye : LongestGoodbye);
            if (await Waiting.ForAsync(ending, "the hub to let go", CancellationToken.None) is not { } fault || isNews)
                continue;
            all = false;
            Report.Complain($"Not unsubscribed: {fault}{(subscription.LeaseEnd is { } end ? $" Its hub delivers until {end:u}." : "")}");
        }

        return all;
    }

    private async Task<string?> EndAsync(
        IWebSubSubscriptions subscriptions,
        ListenSession session,
        WebSubSubscription subscription,
        TimeSpan longest
    )
    {
        using var deadline = new CancellationTokenSource(longest, time);
        try
        {
            await subscriptions.UnsubscribeAsync(subscription.Id, deadline.Token);
            return await session.ClosedAsync(subscription.Id).WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return $"The hub {subscription.Hub} did not ask back within {longest.TotalSeconds} s.";
        }
    }
}
