using WebSub.Hub.Delivery.Behind;
using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Lanes;

/// <summary>
/// A topic with one lane, its rows as the database keeps them, the runs of the lane and the loop for what is behind: everything around
/// <see cref="LaneState"/> and <see cref="BehindTransitions"/>, without a clock or a socket. After each save it looks whether what is saved
/// explains what was delivered.
/// </summary>
internal sealed class ModelTopic(Random random, bool filtered)
{
    private static readonly TimeSpan Second = LaneSandbox.Second;
    private readonly DeliveryOptions _options = new()
    {
        RetryDelays = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120)],
    };
    private readonly List<LogEntry> _log = [];
    private readonly HashSet<long> _pruned = [];
    private readonly List<ModelFlight> _flights = [];
    private readonly List<ModelRun> _runs = [];
    private readonly SortedDictionary<SubscriptionId, ModelSubscription> _subscriptions = new(
        Comparer<SubscriptionId>.Create((a, b) => a.Value.CompareTo(b.Value))
    );
    private DatabaseTime _now = LaneSandbox.Start;
    private long _cursor;
    private long _epoch;
    private long _version = 1;
    private long _patterns;
    private int _callbacks;
    private bool _isClaimed;

    private long Head => _log.Count;

    /// <summary>One thing that can happen, whatever it is.</summary>
    public void Step()
    {
        Action[] actions =
        [
            Publish,
            Publish,
            Subscribe,
            TellHead,
            TellHead,
            Place,
            Place,
            Place,
            Place,
            () => Answer(Pick(_flights.Where(f => f.IsSent)), Outcome()),
            () => Answer(Pick(_flights.Where(f => f.IsSent)), Outcome()),
            () => Answer(Pick(_flights.Where(f => f.IsSent)), Outcome()),
            Straggle,
            Refuse,
            ReadEntry,
            ReadEntry,
            BeginSave,
            BeginSave,
            EndSave,
            EndSave,
            ReadMembers,
            StartRun,
            StartRun,
            Behind,
            Behind,
            () => Pass(random.Next(1, 40) * Second / 10),
            () => Change(random.Next(12)),
        ];
        actions[random.Next(actions.Length)]();
    }

    /// <summary>From now on every callback answers, and every save and reading goes well. Returns what is left undone.</summary>
    public string Settle()
    {
        for (var round = 0; round < 300; round++)
        {
            if (IsDone())
                return "";
            StartRun();
            TellHead();
            foreach (var run in _runs.ToList())
            {
                if (run.Saving is not null)
                    EndSave(run, fails: false);
                if (run.HasLostItsClaim)
                    Apply(run, LaneEvent.Lost);
                if (run.State.NeedsMembers)
                    ReadMembers(run);
                foreach (var sequence in run.Reading.ToList())
                    ReadEntry(run, sequence, fails: false);
            }

            foreach (var flight in _flights.Where(f => !f.IsSent).ToList())
                Place(flight);
            foreach (var flight in _flights.ToList())
                Answer(flight, DeliveryOutcome.Delivered);
            foreach (var run in _runs.ToList())
                BeginSave(run);
            for (var i = 0; i < 20; i++)
                Behind();
            if (round % 10 == 9)
                Pass(600 * Second);
        }

        return $"cursor {_cursor} of {Head}, {_runs.Count} runs, {_flights.Count} flights: "
            + string.Join(
                "; ",
                _subscriptions.Values.Select(s => $"{s.Row.Id} at {s.Row.Position} due {s.Due - _now} claimed {s.IsClaimed}")
            );
    }

    private bool IsDone() =>
        _runs.Count == 0
        && _flights.Count == 0
        && (_cursor == Head || _subscriptions.Count == 0)
        && _subscriptions.Values.All(s => s.Row.LeaseEnd <= _now || (s.Due is null && (s.Row.Position ?? _cursor) == Head));

    private void Publish()
    {
        _log.Add(
            LaneSandbox.Entry(Head + 1) with
            {
                Predicate = filtered ? ((string[])["a", "b", "a\nb", "c"])[random.Next(4)] : null,
                Patterns = _patterns,
            }
        );
        foreach (var s in _subscriptions.Values.Where(s => s.Row.LeaseEnd > _now))
        {
            if (FakeTarget(s.Row).Of(_log[^1], _now) is not null)
                s.Owed.Add(Head);
        }
    }

    private void Subscribe()
    {
        if (_subscriptions.Count >= 5)
            return;
        // As SQLite does it: the lowest free id, which may have been another's; but not while that has something on its way.
        var id = Enumerable
            .Range(1, 40)
            .Select(i => new SubscriptionId(i))
            .First(i => !_subscriptions.ContainsKey(i) && !_flights.Exists(f => f.Attempt.Target.Row.Id == i));
        var row = LaneSandbox.Row(id.Value) with
        {
            Callback = $"https://subscriber.example/{++_callbacks}",
            Position = Head,
            LeaseEnd = _now + (random.Next(4) == 0 ? random.Next(1, 20) * Second : LaneSandbox.LeaseEnd - DatabaseTime.Epoch),
            Delivery = random.Next(4) == 0 ? "latest" : null,
            Version = 0,
        };
        if (filtered)
            row = row with { Patterns = [Pattern(row)] };
        _subscriptions[id] = new() { Row = row, Due = _now };
        if (filtered)
            _version++;
    }

    private PatternRow Pattern(SubscriptionRow row)
    {
        _patterns++;
        return new()
        {
            Pattern = random.Next(2) == 0 ? "a" : "b",
            AfterSequence = Head,
            LeaseEnd = row.LeaseEnd,
        };
    }

    /// <summary>Something that subscribers, operators or other nodes do.</summary>
    private void Change(int what)
    {
        var s = Pick(_subscriptions.Values);
        switch (what)
        {
            case 0 when s is not null:
                _subscriptions.Remove(s.Row.Id);
                _version++;
                break;
            case 1 or 2 or 3 or 4 when s is not null:
                // What came while the lease had ended is not owed.
                if (s.Row.LeaseEnd <= _now)
                    s.Owed.Clear();
                var end = _now + (random.Next(3) * 20 * Second) + (5 * Second);
                s.Row = s.Row with { LeaseEnd = end, Patterns = s.Row.Patterns?.Select(p => p with { LeaseEnd = end }).ToList() };
                _version++;
                break;
            case 5 or 6 when s is not null:
                s.Row = s.Row with { Version = s.Row.Version + 1 };
                _version++;
                break;
            case 7 when s is { Row.Patterns: { } patterns } && s.Row.LeaseEnd > _now:
                s.Row = s.Row with { Patterns = [.. patterns, Pattern(s.Row)] };
                _version++;
                break;
            case 8 when Head > 3:
                _pruned.UnionWith(_log.Take(random.Next((int)Head - 1)).Select(e => e.Sequence));
                break;
            case 9 when _isClaimed && !_runs.Exists(r => r.Saving is not null):
                // Another node takes the lane over: what was not saved is sent again.
                foreach (var run in _runs)
                    run.HasLostItsClaim = true;
                _isClaimed = false;
                foreach (var each in _subscriptions.Values)
                    each.MayRepeat.UnionWith(each.Had.Where(h => h > Saved(each)));
                break;
            case 10 when _runs.Find(r => !r.HasLostItsClaim && r.Saving is null) is { } running:
                Apply(running, LaneEvent.MembersChanged);
                break;
            case 11 when _runs.Find(r => r.HasLostItsClaim && r.Saving is null) is { } lost:
                Apply(lost, LaneEvent.Lost);
                break;
        }
    }

    private void Pass(TimeSpan time)
    {
        // Attempts end in time, and a save takes no time that matters.
        if (_runs.Exists(r => r.Saving is not null))
            return;
        if (time > Second)
        {
            foreach (var flight in _flights.Where(f => f.IsSent).ToList())
                Answer(flight, DeliveryOutcome.TimedOut);
        }

        _now += time;
    }

    private void StartRun()
    {
        if (_isClaimed || _cursor >= Head || _subscriptions.Count == 0)
            return;
        _isClaimed = true;
        var lane = ReadLane() with { Epoch = ++_epoch };
        var run = new ModelRun(lane, _options);
        _runs.Add(run);
        foreach (var s in _subscriptions.Values.Where(s => s.Row.Position == _cursor && s.Due is null))
            s.Row = s.Row with { Position = null };
        var entries = random.Next(2) == 0 ? [] : _log.Where(e => e.Sequence > _cursor && !_pruned.Contains(e.Sequence)).Take(3);
        Apply(run, LaneEvent.Loaded(LaneSandbox.Read(lane, Joined()), entries, _now));
    }

    private LaneRow ReadLane() =>
        new()
        {
            Id = new(7),
            TopicId = new(1),
            TopicUrl = "https://publisher.example/feed",
            Cursor = _cursor,
            Head = Head,
            MembersVersion = _version,
            Patterns = _patterns,
            Epoch = _epoch,
        };

    private SubscriptionRow[] Joined() => [.. _subscriptions.Values.Where(s => s.Row.Position is null).Select(s => s.Row)];

    private void TellHead()
    {
        // The loop that saves is the one that tells a run of news.
        if (Pick(_runs) is { Saving: null } run)
            Apply(run, LaneEvent.HeadMoved(Head));
    }

    private void Place() => Place(Pick(_flights.Where(f => !f.IsSent)));

    private void Place(ModelFlight? flight)
    {
        if (flight?.Run is not { } run)
            return;
        if (Apply(run, LaneEvent.Placed(flight.Attempt, !run.HasLostItsClaim && random.Next(10) > 0)).MayStart)
            Send(flight);
        else
            _flights.Remove(flight);
    }

    private void Send(ModelFlight flight)
    {
        var (s, sequence) = (flight.Subscription, flight.Attempt.Entry.Sequence);
        flight.IsSent = true;
        flight.Attempt.StartedAt = new(1);
        if (!s.IsServedTwice && !s.MayRepeat.Contains(sequence))
        {
            Assert.False(s.Had.Contains(sequence), $"{s.Row.Callback} gets {sequence} twice.");
            Assert.True(sequence >= s.LastSent, $"{s.Row.Callback} gets {sequence} after {s.LastSent}.");
        }

        Assert.True(flight.Attempt.Target.Row.LeaseEnd > _now, $"{s.Row.Callback} gets {sequence} after its lease.");
        s.LastSent = sequence;
    }

    private void Answer(ModelFlight? flight, DeliveryOutcome outcome)
    {
        if (flight is not { IsSent: true })
            return;
        _flights.Remove(flight);
        var (s, attempt) = (flight.Subscription, flight.Attempt);
        if (outcome.Result == DeliveryResult.Delivered)
        {
            s.Had.Add(attempt.Entry.Sequence);
            // An answer to what was signed with an older secret does not count (rule 11).
            if (attempt.Target.Row.Version != s.Row.Version || flight.Run is { HasLostItsClaim: true })
                s.MayRepeat.Add(attempt.Entry.Sequence);
        }

        if (flight.Run is { } run)
            Apply(run, LaneEvent.Completed(attempt, outcome));
        else
            SaveBehind(s, attempt.Target.Row, attempt.Entry.Sequence, outcome);
    }

    private DeliveryOutcome Outcome() =>
        random.Next(12) switch
        {
            0 => DeliveryOutcome.TimedOut,
            1 => new(DeliveryResult.Refused, 500, "500"),
            2 => new(DeliveryResult.Refused, 400, "400"),
            3 => new(DeliveryResult.Throttled, 429, "429", TimeSpan.FromSeconds(random.Next(9))),
            4 when random.Next(4) == 0 => new(DeliveryResult.Gone, 410, "410"),
            _ => DeliveryOutcome.Delivered,
        };

    private void Straggle()
    {
        if (Pick(_flights.Where(f => f is { IsSent: true, Run: not null })) is { } flight)
            Apply(flight.Run!, LaneEvent.Straggled(flight.Attempt));
    }

    private void Refuse()
    {
        if (Pick(_flights.Where(f => !f.IsSent)) is not { Run: { } run } flight)
            return;
        _flights.Remove(flight);
        Apply(run, LaneEvent.Refused(flight.Attempt));
    }

    private void ReadEntry()
    {
        if (Pick(_runs) is { Reading.Count: > 0 } run)
            ReadEntry(run, run.Reading.First(), random.Next(5) == 0);
    }

    private void ReadEntry(ModelRun run, long sequence, bool fails)
    {
        run.Reading.Remove(sequence);
        if (fails)
            Apply(run, LaneEvent.EntryNotRead(sequence));
        else
            Apply(run, LaneEvent.EntryRead(sequence, _pruned.Contains(sequence) ? null : _log[(int)sequence - 1]));
    }

    private void ReadMembers()
    {
        if (Pick(_runs) is { State.NeedsMembers: true } run)
            ReadMembers(run);
    }

    private void ReadMembers(ModelRun run)
    {
        if (run.Saving is null && !run.HasLostItsClaim)
            Apply(run, LaneEvent.Loaded(LaneSandbox.Read(ReadLane(), Joined()), [], _now));
    }

    private void BeginSave()
    {
        if (Pick(_runs) is { } run)
            BeginSave(run);
    }

    private void BeginSave(ModelRun run)
    {
        if (run.Saving is not null)
            return;
        run.IsAwaited = true;
        run.Saving = Apply(run, LaneEvent.SaveBegins(random.Next(3) == 0)).Save;
    }

    private void EndSave()
    {
        if (Pick(_runs) is { Saving: not null } run)
            EndSave(run, random.Next(6) == 0);
    }

    private void EndSave(ModelRun run, bool fails)
    {
        var save = run.Saving!;
        run.Saving = null;
        // A save that is taken for failed may have been made all the same.
        if (!fails || random.Next(3) == 0)
        {
            var saved = run.HasLostItsClaim || !_isClaimed || save.Epoch != _epoch ? new(Fenced: true, 0, false, false) : Save(save);
            if (!fails)
            {
                Apply(run, LaneEvent.SaveEnded(save, saved));
                Check();
                return;
            }

            // It has released the lane without knowing; another run may have begun meanwhile.
            run.HasLostItsClaim |= save.Release;
            foreach (var d in saved.Fenced ? [] : save.Departures)
            {
                if (Find(d.SubscriptionId, d.Callback) is { } s)
                    s.IsServedTwice = true;
            }
        }

        run.IsAwaited = true;
        Apply(run, LaneEvent.SaveFailed);
        Check();
    }

    private LaneSaved Save(LaneSave save)
    {
        (_cursor, _isClaimed) = (save.Cursor, !save.Release);
        var version = _version;
        foreach (var d in save.Departures)
        {
            if (Find(d.SubscriptionId, d.Callback) is not { } s)
                continue;
            s.Row = s.Row with
            {
                Position = d.Position,
                Attempts = d.Attempts,
                Answered = d.Answered,
                NotBefore = d.NotBefore,
                RetryAt = d.Due,
                LastAttemptAt = _now,
                Epoch = s.Row.Epoch + 1,
            };
            (s.Due, s.IsClaimed) = (d.Due, d.InFlight);
        }

        foreach (var letter in save.DeadLetters)
            Find(letter.SubscriptionId, letter.Callback)?.Buried.Add(letter.Sequence);
        foreach (var (id, callback, _) in save.Gone)
        {
            if (Find(id, callback) is null)
                continue;
            _subscriptions.Remove(id);
            _version++;
        }

        // Who wants the newest only is often far ahead when a lane gives its place to others, and repeats that one.
        if (save.Release)
        {
            foreach (var s in _subscriptions.Values.Where(s => s.Row is { WantsLatest: true, Position: null }))
                s.MayRepeat.UnionWith(s.Had.Where(h => h > _cursor));
        }

        var joined = false;
        foreach (var s in _subscriptions.Values.Where(s => s.Row.Position is not null))
        {
            if (s.Row.Position == _cursor && s.Due is null)
                (s.Row, joined) = (s.Row with { Position = null, Attempts = 0 }, true);
            else if (s.Row.Position < _cursor)
                s.Due ??= _now;
        }

        return new(Fenced: false, version, joined, HasBehind: true);
    }

    private ModelSubscription? Find(SubscriptionId id, string callback) =>
        _subscriptions.TryGetValue(id, out var s) && s.Row.Callback == callback ? s : null;

    /// <summary>A turn of the loop for what is behind: settles, or takes one that is due.</summary>
    private void Behind()
    {
        if (Pick(_subscriptions.Values.Where(s => s.Due <= _now && s.Row.LeaseEnd > _now)) is not { } s)
            return;
        if (!s.IsClaimed && s.Row.Position >= Head)
        {
            s.Due = null;
            return;
        }

        s.Row = s.Row with { Epoch = s.Row.Epoch + 1 };
        (s.IsClaimed, s.Due) = (true, _now + (20 * Second));
        var row = s.Row with { Head = Head, HeadAtClaim = Head };
        if (row.Position >= Head)
        {
            SaveBehind(s, BehindSave.CaughtUp(row));
            return;
        }

        var position = row.Position!.Value;
        var ahead = _log.Skip((int)position).Take(BehindTransitions.LookAhead).ToList();
        var (next, _) = BehindTransitions.Next(FakeTarget(row), position, ahead, _now);
        var target = FakeTarget(row).Of(_log[(int)next - 1], _now);
        if (_pruned.Contains(next) || target is null)
        {
            SaveBehind(s, _pruned.Contains(next) ? BehindSave.Pruned(row, next) : BehindSave.Skipped(row, next));
            return;
        }

        var flight = new ModelFlight(null, new(LaneSandbox.Nobody, target, _log[(int)next - 1]), s);
        _flights.Add(flight);
        Send(flight);
    }

    private void SaveBehind(ModelSubscription s, SubscriptionRow row, long sequence, DeliveryOutcome outcome)
    {
        var save = BehindTransitions.Decide(row, sequence, outcome, _options.RetryDelays, _now, random.NextDouble());
        if (save is not null)
        {
            if (!SaveBehind(s, save))
                s.MayRepeat.Add(sequence);
        }
        else if (s.Row.Epoch == row.Epoch && s.Row.Version == row.Version && Find(row.Id, row.Callback) is not null)
        {
            _subscriptions.Remove(row.Id);
            _version++;
        }
        else
        {
            Again(s, row.Epoch);
        }
    }

    private bool SaveBehind(ModelSubscription s, BehindSave save)
    {
        if (Find(save.Id, s.Row.Callback) != s)
            return true;
        if (s.Row.Epoch != save.Epoch || (save.Version is { } version && version != s.Row.Version))
        {
            Again(s, save.Epoch);
            return false;
        }

        s.Row = s.Row with
        {
            Position = save.Position,
            Attempts = save.Attempts,
            Answered = save.Answered,
            NotBefore = save.NotBefore,
            RetryAt = save.Due,
            LastAttemptAt = save.AttemptAt ?? s.Row.LastAttemptAt,
        };
        (s.Due, s.IsClaimed) = (save.Due ?? (Head > save.Position ? _now : null), false);
        if (save.DeadLetter is { } letter)
            s.Buried.Add(letter.Sequence);
        Check();
        return true;
    }

    private void Again(ModelSubscription s, long epoch)
    {
        if (s.Row.Epoch == epoch)
            (s.Due, s.IsClaimed) = (_now, false);
    }

    private LaneEffects Apply(ModelRun run, LaneEvent happened)
    {
        var effects = new LaneEffects();
        run.State.Apply(happened with { Now = _now, Chance = random.NextDouble() }, effects);
        foreach (var attempt in effects.Attempts)
            _flights.Add(new(run, attempt, Find(attempt.Target.Row.Id, attempt.Target.Row.Callback) ?? new() { Row = attempt.Target.Row }));
        run.Reading.UnionWith(effects.Entries);
        run.IsAwaited |= effects.IsQuiet;
        if (effects.Attempts.Count > 0)
            run.IsAwaited = false;
        if (effects.HasEnded)
            _runs.Remove(run);
        foreach (var (attempt, outcome) in effects.Late)
        {
            var row = BehindTransitions.Straggler(attempt, "");
            if (Find(row.Id, row.Callback) is { } s)
                SaveBehind(s, row, attempt.Entry.Sequence, outcome);
        }

        foreach (var (attempt, outcome) in effects.Again)
            Apply(run, LaneEvent.Completed(attempt, outcome));
        var isBusy =
            run.Saving is not null
            || effects.Save is not null
            || run.Reading.Count > 0
            || _flights.Exists(f => f.Run == run)
            || run.State.NeedsMembers;
        Assert.True(effects.HasEnded || isBusy || run.IsAwaited, $"After {happened.Kind} nothing brings the run on.");
        return effects;
    }

    /// <summary>Whatever a row is said to have had it has had, or it is accounted for.</summary>
    private void Check()
    {
        foreach (var s in _subscriptions.Values.Where(s => s.Row.LeaseEnd > _now))
        {
            foreach (var sequence in s.Owed.GetViewBetween(0, Math.Max(0, Saved(s))))
            {
                Assert.True(
                    s.Had.Contains(sequence)
                        || s.Buried.Contains(sequence)
                        || _pruned.Contains(sequence)
                        || (s.Row.WantsLatest && sequence < Head),
                    $"{s.Row.Callback}, saved at {Saved(s)}, never had {sequence}."
                );
            }
        }
    }

    private long Saved(ModelSubscription s) => s.Row.Position ?? _cursor;

    private T? Pick<T>(IEnumerable<T> from)
        where T : class
    {
        var all = from.ToList();
        return all.Count == 0 ? null : all[random.Next(all.Count)];
    }

    private static DeliveryTarget FakeTarget(SubscriptionRow row) =>
        Assert.Single(LaneSandbox.Read(new() { TopicUrl = "https://publisher.example/feed" }, row).Targets);
}
