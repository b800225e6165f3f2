using System.Diagnostics;
using System.Globalization;
using WebSub.Http;

namespace WebSub.Conformance.Checks;

/// <summary>All checks of a role, and how they are run.</summary>
/// <param name="role">What is checked: "hub", "publisher".</param>
/// <param name="families">The letters that ids begin with, in the order of a report: "HCX".</param>
/// <param name="checks">The checks.</param>
/// <param name="others">The requirements of the role that are not checked.</param>
/// <typeparam name="TBench">What a check works with.</typeparam>
internal sealed class CheckSuite<TBench>(
    string role,
    string families,
    IReadOnlyList<Check<TBench>> checks,
    IReadOnlyList<UncheckedRequirement> others
)
    where TBench : ICheckBench
{
    // Peers' words are cut where they are quoted; this is for a header of 30 KB.
    private const int LongestReason = 1000;
    private const string Stopped = "not run to its end: the run was stopped";

    /// <summary>What is checked and what is not, in the order of a report.</summary>
    public IReadOnlyList<Requirement> Requirements { get; } =
    [
        .. checks
            .Select(c => c.Requirement)
            .Concat(others.Select(u => u.Requirement))
            .OrderBy(r => SortKey(families, r), StringComparer.Ordinal),
    ];

    /// <summary>Runs the checks.</summary>
    /// <param name="target">The peer's URL.</param>
    /// <param name="startedAt">When the run began.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="bench">Makes what a check works with, a new one for each; the token ends the run.</param>
    /// <param name="progress">Hears of each check when it has ended, in no particular order.</param>
    /// <param name="cancellationToken">Stops the run: what has not ended is skipped, and the report says so.</param>
    public async Task<ConformanceReport> RunAsync(
        string target,
        DateTimeOffset startedAt,
        CheckSelection selection,
        Func<CancellationToken, TBench> bench,
        IProgress<CheckResult>? progress,
        CancellationToken cancellationToken
    )
    {
        var wanted = checks.Where(c => selection.Has(c.Requirement)).ToList();
        var results = new CheckResult[wanted.Count];
        await Parallel
            .ForAsync(
                0,
                wanted.Count,
                new ParallelOptions { MaxDegreeOfParallelism = selection.Parallelism, CancellationToken = CancellationToken.None },
                async (i, failure) =>
                {
                    using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, failure);
                    results[i] = await RunAsync(wanted[i], bench(over.Token), selection, cancellationToken).ConfigureAwait(false);
                    progress?.Report(results[i]);
                }
            )
            .ConfigureAwait(false);
        var notChecked = others.Where(u => selection.Has(u.Requirement)).Select(u => Skipped(u.Requirement, u.Reason)).ToList();
        notChecked.ForEach(u => progress?.Report(u));
        return new(
            role,
            target,
            startedAt,
            [.. results.Concat(notChecked).OrderBy(r => SortKey(families, r.Requirement), StringComparer.Ordinal)]
        )
        {
            WasStopped = cancellationToken.IsCancellationRequested,
        };
    }

    private static async Task<CheckResult> RunAsync(
        Check<TBench> check,
        TBench bench,
        CheckSelection selection,
        CancellationToken cancellationToken
    )
    {
        if (check.IsLong && !selection.IncludeLong)
            return Skipped(check.Requirement, "takes minutes; it is one of the long checks (--long)");
        if (cancellationToken.IsCancellationRequested)
            return Skipped(check.Requirement, Stopped);
        var watch = Stopwatch.StartNew();
        try
        {
            await check.RunAsync(bench).ConfigureAwait(false);
            return Ended(CheckOutcome.Passed, bench.Remark);
        }
        catch (Exception e)
            when (cancellationToken.IsCancellationRequested
                && e is CheckFailedException or CheckSkippedException or OperationCanceledException
            )
        {
            return Ended(CheckOutcome.Skipped, Stopped);
        }
        catch (CheckFailedException e)
        {
            return Ended(CheckOutcome.Failed, e.Message);
        }
        catch (CheckSkippedException e)
        {
            return Ended(CheckOutcome.Skipped, e.Message);
        }

        CheckResult Ended(CheckOutcome outcome, string? reason) =>
            new(check.Requirement, outcome, reason is null ? null : PlainText.Of(reason, LongestReason), watch.Elapsed, bench.Exchanges);
    }

    private static CheckResult Skipped(Requirement requirement, string reason) =>
        new(requirement, CheckOutcome.Skipped, reason, TimeSpan.Zero, []);

    // The families in their order, and H2 before H10.
    private static string SortKey(string families, Requirement requirement)
    {
        var number = requirement.Id[1..].Split('-')[0];
        var family = families.IndexOf(requirement.Id[0], StringComparison.Ordinal);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{family}{int.Parse(number, CultureInfo.InvariantCulture):00}{requirement.Id[(1 + number.Length)..]}"
        );
    }
}
