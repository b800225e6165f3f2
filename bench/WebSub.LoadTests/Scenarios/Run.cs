using System.Globalization;

namespace WebSub.LoadTests.Scenarios;

/// <summary>How a scenario is to run.</summary>
/// <param name="Quick">One measured round.</param>
/// <param name="Progress">Where it tells of its progress.</param>
/// <param name="CancellationToken">Ends it.</param>
internal sealed record Run(bool Quick, TextWriter Progress, CancellationToken CancellationToken)
{
    /// <summary>Measured rounds.</summary>
    public int Rounds => Quick ? 1 : 5;

    /// <summary>Rounds before them that are not counted: code is compiled, connections are made.</summary>
    public int WarmUps => Quick ? 3 : 8;

    public void Say(FormattableString what) => Progress.WriteLine(what.ToString(CultureInfo.InvariantCulture));
}
