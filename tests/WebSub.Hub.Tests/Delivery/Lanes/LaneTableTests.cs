using System.Globalization;
using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Lanes;

/// <summary>
/// Every state of a member of a running lane, and everything that can happen to it there. A neighbour's attempt is in flight all the time,
/// so the run goes on whatever the member does.
/// </summary>
[Trait("Rule", "13")]
public sealed class LaneTableTests
{
    /// <summary>The state and what happens; the state after it and what is to be done, empty for nothing; and why.</summary>
    private static readonly (LaneMemberState State, Happening Happening, string Follows, string Why)[] Rows =
    [
        (LaneMemberState.Idle, Happening.ReadAgain, "", "nothing: there is nothing newer for it"),
        (LaneMemberState.Idle, Happening.ReadAgainWithoutIt, "Out", "the subscription has gone"),
        (LaneMemberState.Idle, Happening.ReadAgainAsAnother, "Out send 1", "the id is another's now"),
        (LaneMemberState.Idle, Happening.ReadAgainUnusable, "Out unusable", "its row cannot be used"),
        (LaneMemberState.Idle, Happening.HeadMoved, "Idle read 2", "the newer entry is not in memory"),
        (LaneMemberState.Idle, Happening.MembersChanged, "Idle read members", "the rows are read again"),
        (LaneMemberState.Idle, Happening.Lost, "Idle over", "the run is over"),
        (LaneMemberState.Idle, Happening.Placed, "", "nothing: its attempt has ended"),
        (LaneMemberState.Idle, Happening.PlacedAfterItsClaim, "", "nothing: its attempt has ended"),
        (LaneMemberState.Idle, Happening.PlacedAfterItsLease, "", "nothing: its attempt has ended"),
        (LaneMemberState.Idle, Happening.Straggled, "", "nothing: its attempt has ended"),
        (LaneMemberState.Idle, Happening.Refused, "", "nothing: its attempt has ended"),
        (LaneMemberState.Idle, Happening.Delivered, "", "nothing: that attempt was counted"),
        (LaneMemberState.Idle, Happening.Failed, "", "nothing: that attempt was counted"),
        (LaneMemberState.Idle, Happening.GivenUp, "", "nothing: that attempt was counted"),
        (LaneMemberState.Idle, Happening.Gone, "", "nothing: that attempt was counted"),
        (LaneMemberState.Idle, Happening.EntryRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Idle, Happening.EntryNotRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Idle, Happening.SaveBegins, "", "nothing: its neighbour keeps the cursor where it is"),
        (LaneMemberState.Idle, Happening.SaveEnded, "", "nothing: nothing of it was in the save"),
        (LaneMemberState.Idle, Happening.SaveRefused, "Out over", "nothing that was not saved is true"),
        (LaneMemberState.Idle, Happening.SaveFailed, "Idle read members", "the save may have been made all the same"),
        (LaneMemberState.Sending, Happening.ReadAgain, "", "nothing: its attempt goes on"),
        (LaneMemberState.Sending, Happening.ReadAgainWithoutIt, "Out", "the subscription has gone"),
        (LaneMemberState.Sending, Happening.ReadAgainAsAnother, "Out send 1", "the id is another's now"),
        (LaneMemberState.Sending, Happening.ReadAgainUnusable, "Out unusable", "its row cannot be used"),
        (LaneMemberState.Sending, Happening.HeadMoved, "", "nothing: it has an entry to send first"),
        (LaneMemberState.Sending, Happening.MembersChanged, "Sending read members", "the rows are read again"),
        (LaneMemberState.Sending, Happening.Lost, "Sending over", "the run is over"),
        (LaneMemberState.Sending, Happening.Placed, "Sending may start", "it is sent"),
        (LaneMemberState.Sending, Happening.PlacedAfterItsClaim, "Idle", "it would outlive the claim"),
        (LaneMemberState.Sending, Happening.PlacedAfterItsLease, "Idle read members", "the lease may have been renewed"),
        (LaneMemberState.Sending, Happening.Straggled, "Straggling", "the lane does not wait for it"),
        (LaneMemberState.Sending, Happening.Refused, "Departed", "it steps out untried"),
        (LaneMemberState.Sending, Happening.Delivered, "Idle", "it has had the entry"),
        (LaneMemberState.Sending, Happening.Failed, "Departed", "it is tried again by itself"),
        (LaneMemberState.Sending, Happening.GivenUp, "Idle given up", "the schedule is used up"),
        (LaneMemberState.Sending, Happening.Gone, "Departed gone", "the callback answered 410"),
        (LaneMemberState.Sending, Happening.EntryRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Sending, Happening.EntryNotRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Sending, Happening.SaveBegins, "", "nothing: it keeps the cursor where it is"),
        (LaneMemberState.Sending, Happening.SaveEnded, "", "nothing: nothing of it was in the save"),
        (LaneMemberState.Sending, Happening.SaveRefused, "Out over", "nothing that was not saved is true"),
        (LaneMemberState.Sending, Happening.SaveFailed, "Sending read members", "the save may have been made all the same"),
        (LaneMemberState.Straggling, Happening.ReadAgain, "", "nothing: its attempt goes on"),
        (LaneMemberState.Straggling, Happening.ReadAgainWithoutIt, "Out", "the subscription has gone"),
        (LaneMemberState.Straggling, Happening.ReadAgainAsAnother, "Out send 1", "the id is another's now"),
        (LaneMemberState.Straggling, Happening.ReadAgainUnusable, "Out unusable", "its row cannot be used"),
        (LaneMemberState.Straggling, Happening.HeadMoved, "", "nothing: it does not go on from here"),
        (LaneMemberState.Straggling, Happening.MembersChanged, "Straggling read members", "the rows are read again"),
        (LaneMemberState.Straggling, Happening.Lost, "Straggling over", "the run is over"),
        (LaneMemberState.Straggling, Happening.Placed, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Straggling, Happening.PlacedAfterItsClaim, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Straggling, Happening.PlacedAfterItsLease, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Straggling, Happening.Straggled, "", "nothing: it is not waited for"),
        (LaneMemberState.Straggling, Happening.Refused, "", "nothing: its attempt does not wait for a place"),
        (LaneMemberState.Straggling, Happening.Delivered, "Idle", "it has had the entry"),
        (LaneMemberState.Straggling, Happening.Failed, "Departed", "it is tried again by itself"),
        (LaneMemberState.Straggling, Happening.GivenUp, "Idle given up", "the schedule is used up"),
        (LaneMemberState.Straggling, Happening.Gone, "Departed gone", "the callback answered 410"),
        (LaneMemberState.Straggling, Happening.EntryRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Straggling, Happening.EntryNotRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Straggling, Happening.SaveBegins, "Leaving save 0 in flight", "its departure is saved"),
        (LaneMemberState.Straggling, Happening.SaveEnded, "", "nothing: nothing of it was in the save"),
        (LaneMemberState.Straggling, Happening.SaveRefused, "Out over", "nothing that was not saved is true"),
        (LaneMemberState.Straggling, Happening.SaveFailed, "Straggling read members", "the save may have been made all the same"),
        (LaneMemberState.Leaving, Happening.ReadAgain, "", "nothing: its departure is being saved"),
        (LaneMemberState.Leaving, Happening.ReadAgainWithoutIt, "Out", "nothing is read during a save, but the subscription has gone"),
        (LaneMemberState.Leaving, Happening.ReadAgainAsAnother, "Out send 1", "the id is another's now"),
        (LaneMemberState.Leaving, Happening.ReadAgainUnusable, "Out unusable", "its row cannot be used"),
        (LaneMemberState.Leaving, Happening.HeadMoved, "", "nothing: it does not go on from here"),
        (LaneMemberState.Leaving, Happening.MembersChanged, "Leaving read members", "the rows are read again"),
        (LaneMemberState.Leaving, Happening.Lost, "Leaving over", "the run is over"),
        (LaneMemberState.Leaving, Happening.Placed, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Leaving, Happening.PlacedAfterItsClaim, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Leaving, Happening.PlacedAfterItsLease, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Leaving, Happening.Straggled, "", "nothing: it is not waited for"),
        (LaneMemberState.Leaving, Happening.Refused, "", "nothing: its attempt does not wait for a place"),
        (LaneMemberState.Leaving, Happening.Delivered, "", "nothing: who has to know shows when the save is through"),
        (LaneMemberState.Leaving, Happening.Failed, "", "nothing: who has to know shows when the save is through"),
        (LaneMemberState.Leaving, Happening.GivenUp, "", "nothing: who has to know shows when the save is through"),
        (LaneMemberState.Leaving, Happening.Gone, "", "nothing: who has to know shows when the save is through"),
        (LaneMemberState.Leaving, Happening.EntryRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Leaving, Happening.EntryNotRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Leaving, Happening.SaveBegins, "", "nothing: one is under way"),
        (LaneMemberState.Leaving, Happening.SaveEnded, "Left", "its attempt is settled by itself"),
        (LaneMemberState.Leaving, Happening.SaveRefused, "Out over", "nothing that was not saved is true"),
        (LaneMemberState.Leaving, Happening.SaveFailed, "Straggling read members", "its departure is not saved"),
        (LaneMemberState.Departed, Happening.ReadAgain, "", "nothing: its departure is to be saved"),
        (LaneMemberState.Departed, Happening.ReadAgainWithoutIt, "Out", "the subscription has gone, or its departure was saved after all"),
        (LaneMemberState.Departed, Happening.ReadAgainAsAnother, "Out send 1", "the id is another's now"),
        (LaneMemberState.Departed, Happening.ReadAgainUnusable, "Out unusable", "its row cannot be used"),
        (LaneMemberState.Departed, Happening.HeadMoved, "", "nothing: it does not go on from here"),
        (LaneMemberState.Departed, Happening.MembersChanged, "Departed read members", "the rows are read again"),
        (LaneMemberState.Departed, Happening.Lost, "Departed over", "the run is over"),
        (LaneMemberState.Departed, Happening.Placed, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Departed, Happening.PlacedAfterItsClaim, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Departed, Happening.PlacedAfterItsLease, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Departed, Happening.Straggled, "", "nothing: it is not waited for"),
        (LaneMemberState.Departed, Happening.Refused, "", "nothing: its attempt does not wait for a place"),
        (LaneMemberState.Departed, Happening.Delivered, "", "nothing: that attempt was counted"),
        (LaneMemberState.Departed, Happening.Failed, "", "nothing: that attempt was counted"),
        (LaneMemberState.Departed, Happening.GivenUp, "", "nothing: that attempt was counted"),
        (LaneMemberState.Departed, Happening.Gone, "", "nothing: that attempt was counted"),
        (LaneMemberState.Departed, Happening.EntryRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Departed, Happening.EntryNotRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Departed, Happening.SaveBegins, "Departed save 0 departed", "its departure is saved"),
        (LaneMemberState.Departed, Happening.SaveEnded, "", "nothing: nothing of it was in the save"),
        (LaneMemberState.Departed, Happening.SaveRefused, "Out over", "nothing that was not saved is true"),
        (LaneMemberState.Departed, Happening.SaveFailed, "Departed read members", "the save may have been made all the same"),
        (LaneMemberState.Left, Happening.ReadAgain, "Left send 1", "it has joined again"),
        (LaneMemberState.Left, Happening.ReadAgainWithoutIt, "", "nothing: it is not of the run"),
        (LaneMemberState.Left, Happening.ReadAgainAsAnother, "Left send 1", "the id is another's now"),
        (LaneMemberState.Left, Happening.ReadAgainUnusable, "Left unusable", "its row cannot be used"),
        (LaneMemberState.Left, Happening.HeadMoved, "", "nothing: it does not go on from here"),
        (LaneMemberState.Left, Happening.MembersChanged, "Left read members", "the rows are read again"),
        (LaneMemberState.Left, Happening.Lost, "Left over", "the run is over"),
        (LaneMemberState.Left, Happening.Placed, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Left, Happening.PlacedAfterItsClaim, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Left, Happening.PlacedAfterItsLease, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Left, Happening.Straggled, "", "nothing: it is not waited for"),
        (LaneMemberState.Left, Happening.Refused, "", "nothing: its attempt does not wait for a place"),
        (LaneMemberState.Left, Happening.Delivered, "Out settle", "how that ends is saved under the row's own claim"),
        (LaneMemberState.Left, Happening.Failed, "Out settle", "how that ends is saved under the row's own claim"),
        (LaneMemberState.Left, Happening.GivenUp, "Out settle", "how that ends is saved under the row's own claim"),
        (LaneMemberState.Left, Happening.Gone, "Out settle", "how that ends is saved under the row's own claim"),
        (LaneMemberState.Left, Happening.EntryRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Left, Happening.EntryNotRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Left, Happening.SaveBegins, "", "nothing: it is not of the run"),
        (LaneMemberState.Left, Happening.SaveEnded, "", "nothing: nothing of it was in the save"),
        (LaneMemberState.Left, Happening.SaveRefused, "Left over", "nothing that was not saved is true"),
        (LaneMemberState.Left, Happening.SaveFailed, "Left read members", "the save may have been made all the same"),
        (LaneMemberState.Out, Happening.ReadAgain, "Out send 1", "it has joined again"),
        (LaneMemberState.Out, Happening.ReadAgainWithoutIt, "", "nothing: it is not of the run"),
        (LaneMemberState.Out, Happening.ReadAgainAsAnother, "Out send 1", "the other one is new"),
        (LaneMemberState.Out, Happening.ReadAgainUnusable, "Out unusable", "its row cannot be used"),
        (LaneMemberState.Out, Happening.HeadMoved, "", "nothing: it does not go on from here"),
        (LaneMemberState.Out, Happening.MembersChanged, "Out read members", "the rows are read again"),
        (LaneMemberState.Out, Happening.Lost, "Out over", "the run is over"),
        (LaneMemberState.Out, Happening.Placed, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Out, Happening.PlacedAfterItsClaim, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Out, Happening.PlacedAfterItsLease, "", "nothing: its attempt has had its place"),
        (LaneMemberState.Out, Happening.Straggled, "", "nothing: it is not waited for"),
        (LaneMemberState.Out, Happening.Refused, "", "nothing: its attempt does not wait for a place"),
        (LaneMemberState.Out, Happening.Delivered, "", "nothing: the subscription has gone"),
        (LaneMemberState.Out, Happening.Failed, "", "nothing: the subscription has gone"),
        (LaneMemberState.Out, Happening.GivenUp, "", "nothing: the subscription has gone"),
        (LaneMemberState.Out, Happening.Gone, "", "nothing: the subscription has gone"),
        (LaneMemberState.Out, Happening.EntryRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Out, Happening.EntryNotRead, "", "nothing: nobody asked for the entry"),
        (LaneMemberState.Out, Happening.SaveBegins, "", "nothing: it is not of the run"),
        (LaneMemberState.Out, Happening.SaveEnded, "", "nothing: nothing of it was in the save"),
        (LaneMemberState.Out, Happening.SaveRefused, "Out over", "nothing that was not saved is true"),
        (LaneMemberState.Out, Happening.SaveFailed, "Out read members", "the save may have been made all the same"),
    ];

    private readonly LaneSandbox _lane = new();
    private readonly SubscriptionRow _row = LaneSandbox.Row(1);
    private readonly SubscriptionRow _neighbour = LaneSandbox.Row(2);
    private LaneSave? _save;

    public static TheoryData<string, object, object, string> Table
    {
        get
        {
            var cases = new TheoryData<string, object, object, string>();
            foreach (var (state, happening, follows, why) in Rows)
                cases.Add(why, state, happening, follows);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Member_InAState_ToWhichSomethingHappens_DoesWhatTheTableSays(string why, object state, object happening, string follows)
    {
        var after = Play((LaneMemberState)state, (Happening)happening);

        Assert.True(follows == after, $"{state}, {happening}: expected \"{follows}\" since {why}, but it was \"{after}\".");
    }

    [Fact]
    public void Table_OfStatesAndHappenings_IsComplete()
    {
        var all = from state in Enum.GetValues<LaneMemberState>() from happening in Enum.GetValues<Happening>() select (state, happening);

        Assert.Equal(all, Rows.Select(r => (r.State, r.Happening)));
    }

    private string Play(LaneMemberState state, Happening happening)
    {
        var attempt = Bring(state);
        var member = (LaneMember)attempt.Key!;
        Assert.Equal(state, member.State);
        var effects = Happen(happening, attempt);
        var after = $"{member.State} {Describe(effects)}".TrimEnd();
        return after == $"{state}" ? "" : after;
    }

    /// <summary>Brings the member into this state and returns its last attempt.</summary>
    private Attempt Bring(LaneMemberState state)
    {
        var attempt = _lane.Load(upTo: 1, _row, _neighbour).Attempts[0];
        switch (state)
        {
            case LaneMemberState.Idle:
                _lane.Apply(LaneEvent.Completed(attempt, DeliveryOutcome.Delivered));
                break;
            case LaneMemberState.Straggling:
                _lane.Apply(LaneEvent.Straggled(attempt));
                break;
            case LaneMemberState.Leaving:
                _lane.Apply(LaneEvent.Straggled(attempt));
                _save = _lane.Apply(LaneEvent.SaveBegins(othersWait: false)).Save;
                break;
            case LaneMemberState.Departed:
                _lane.Apply(LaneEvent.Completed(attempt, Refusal(500)));
                break;
            case LaneMemberState.Left:
                _lane.Apply(LaneEvent.Straggled(attempt));
                _lane.Save(out _);
                break;
            case LaneMemberState.Out:
                _lane.Load(upTo: 0, _neighbour);
                break;
        }

        return attempt;
    }

    private LaneEffects Happen(Happening happening, Attempt attempt)
    {
        switch (happening)
        {
            case Happening.ReadAgain:
                return _lane.Load(upTo: 0, _row, _neighbour);
            case Happening.ReadAgainWithoutIt:
                return _lane.Load(upTo: 0, _neighbour);
            case Happening.ReadAgainAsAnother:
                return _lane.Load(upTo: 0, _row with { Callback = "https://another.example/" }, _neighbour);
            case Happening.ReadAgainUnusable:
                return _lane.Load(upTo: 0, _row with { Callback = "nowhere" }, _neighbour);
            case Happening.HeadMoved:
                return _lane.Apply(LaneEvent.HeadMoved(2));
            case Happening.MembersChanged:
                return _lane.Apply(LaneEvent.MembersChanged);
            case Happening.Lost:
                return _lane.Apply(LaneEvent.Lost);
            case Happening.Placed:
                return _lane.Apply(LaneEvent.Placed(attempt, claimCovers: true));
            case Happening.PlacedAfterItsClaim:
                return _lane.Apply(LaneEvent.Placed(attempt, claimCovers: false));
            case Happening.PlacedAfterItsLease:
                _lane.Now = LaneSandbox.LeaseEnd;
                return _lane.Apply(LaneEvent.Placed(attempt, claimCovers: true));
            case Happening.Straggled:
                return _lane.Apply(LaneEvent.Straggled(attempt));
            case Happening.Refused:
                return _lane.Apply(LaneEvent.Refused(attempt));
            case Happening.Delivered:
                return _lane.Apply(LaneEvent.Completed(attempt, DeliveryOutcome.Delivered));
            case Happening.Failed:
                return _lane.Apply(LaneEvent.Completed(attempt, Refusal(500)));
            case Happening.GivenUp:
                _lane.Options.RetryDelays = [];
                return _lane.Apply(LaneEvent.Completed(attempt, Refusal(500)));
            case Happening.Gone:
                return _lane.Apply(LaneEvent.Completed(attempt, new(DeliveryResult.Gone, 410, "Gone.")));
            case Happening.EntryRead:
                return _lane.Apply(LaneEvent.EntryRead(9, LaneSandbox.Entry(9)));
            case Happening.EntryNotRead:
                return _lane.Apply(LaneEvent.EntryNotRead(9));
            case Happening.SaveBegins:
                return _lane.Apply(LaneEvent.SaveBegins(othersWait: false));
            case Happening.SaveEnded:
                return _lane.Apply(LaneEvent.SaveEnded(_save ?? Empty(), _lane.Saved()));
            case Happening.SaveRefused:
                return _lane.Apply(LaneEvent.SaveEnded(_save ?? Empty(), _lane.Saved(fenced: true)));
            default:
                return _lane.Apply(LaneEvent.SaveFailed);
        }
    }

    private LaneSave Empty() =>
        new()
        {
            LaneId = _lane.Lane.Id,
            Epoch = _lane.Lane.Epoch,
            Cursor = 0,
            Release = false,
        };

    private static DeliveryOutcome Refusal(int status) => new(DeliveryResult.Refused, status, $"The callback answered {status}.");

    private static string Describe(LaneEffects effects) =>
        string.Join(
            ", ",
            (
                (string[])
                    [
                        .. effects.Attempts.Select(a => $"send {a.Entry.Sequence.ToString(CultureInfo.InvariantCulture)}"),
                        .. effects.Entries.Select(s => $"read {s.ToString(CultureInfo.InvariantCulture)}"),
                        .. effects.Late.Select(_ => "settle"),
                        .. effects.Again.Select(_ => "again"),
                        .. effects.GivenUp.Select(_ => "given up"),
                        .. effects.Gone.Select(_ => "gone"),
                        .. effects.Unusable.Select(_ => "unusable"),
                        effects.ReadMembers ? "read members" : "",
                        effects.MayStart ? "may start" : "",
                        effects.Save is { } save
                            ? string.Join(
                                ' ',
                                [$"save {save.Cursor}", .. save.Departures.Select(d => d.InFlight ? "in flight" : "departed")]
                            )
                            : "",
                        effects.IsQuiet ? "quiet" : "",
                        effects.HasEnded ? "over" : "",
                    ]
            ).Where(e => e.Length > 0)
        );

    internal enum Happening
    {
        ReadAgain,
        ReadAgainWithoutIt,
        ReadAgainAsAnother,
        ReadAgainUnusable,
        HeadMoved,
        MembersChanged,
        Lost,
        Placed,
        PlacedAfterItsClaim,
        PlacedAfterItsLease,
        Straggled,
        Refused,
        Delivered,
        Failed,
        GivenUp,
        Gone,
        EntryRead,
        EntryNotRead,
        SaveBegins,
        SaveEnded,
        SaveRefused,
        SaveFailed,
    }
}
