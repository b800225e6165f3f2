using System.Globalization;

namespace WebSub.LoadTests.Scenarios;

/// <summary>How to run a scenario.</summary>
/// <param name="Quick">Fewer rounds that are not counted.</param>
/// <param name="Rounds">Measured rounds.</param>
/// <param name="Progress">Where progress is reported.</param>
/// <param name="CancellationToken">Ends it.</param>
internal sealed record Run(bool Quick, int Rounds, TextWriter Progress, CancellationToken CancellationToken)
{
    /// <summary>Rounds before them that are not counted, in which code is compiled and connections are made.</summary>
    public int WarmUps => Quick ? 2 : 3;

    public void Say(FormattableString what) => Progress.WriteLine(what.ToString(CultureInfo.InvariantCulture));
}
