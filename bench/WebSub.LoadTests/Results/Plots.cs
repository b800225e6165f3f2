using ScottPlot;
using WebSub.LoadTests.Soaking;

namespace WebSub.LoadTests.Results;

/// <summary>Draws what a table does not show, as SVG files in <c>bench/results</c>.</summary>
internal static class Plots
{
    private const int Width = 800;
    private const int Height = 420;
    private const double Megabyte = 1024 * 1024;
    private static readonly double[] Marks = [50, 90, 99];

    /// <summary>Which share of the updates had arrived within so many milliseconds.</summary>
    /// <returns>The file.</returns>
    /// <param name="storage">The database.</param>
    /// <param name="hub">What the hub's took, in milliseconds, in order.</param>
    /// <param name="bare">What those of the yardstick took.</param>
    public static string Latency(Storage storage, IReadOnlyList<double> hub, IReadOnlyList<double> bare)
    {
        using var plot = New($"From publisher to subscriber, on {storage}", "milliseconds, logarithmic", "updates that had arrived, %");
        Add(plot, hub, "the hub");
        Add(plot, bare, "one flush and one POST");
        foreach (var mark in Marks)
            plot.Add.HorizontalLine(mark, width: 1, color: Colors.LightGray, pattern: LinePattern.Dotted);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { LabelFormatter = x => $"{Math.Pow(10, x):0.#}" };
        plot.Axes.SetLimitsY(0, 100);
        plot.ShowLegend(Alignment.LowerRight);
        return Save(plot, $"latency-{storage.ToString().ToLowerInvariant()}");

        static void Add(Plot plot, IReadOnlyList<double> milliseconds, string name)
        {
            // Two points for each percent.
            var y = Enumerable.Range(1, 199).Select(i => i / 2d).ToArray();
            var x = y.Select(percent => Math.Log10(Math.Max(milliseconds[(int)(milliseconds.Count * percent / 100)], 0.01))).ToArray();
            var line = plot.Add.ScatterLine(x, y);
            line.LegendText = name;
            line.LineWidth = 2;
        }
    }

    /// <summary>What the server took at each look of a soak.</summary>
    /// <returns>The file.</returns>
    public static string Growth(IReadOnlyList<SoakSample> samples)
    {
        using var plot = New("Ten looks at a server under mixed traffic", "updates acknowledged", "");
        var published = samples.Select(s => (double)s.Published).ToArray();
        Add("memory, MB", s => s.ResidentBytes / Megabyte);
        Add("handles", s => s.Handles);
        Add("threads", s => s.Threads);
        Add("database, MB", s => s.DatabaseBytes / Megabyte);
        plot.Axes.SetLimits(0, published[^1] * 1.02, 0, samples.Max(s => Math.Max(s.ResidentBytes / Megabyte, s.Handles)) * 1.25);
        plot.ShowLegend(Alignment.UpperLeft, Orientation.Horizontal);
        return Save(plot, "growth");

        void Add(string name, Func<SoakSample, double> value)
        {
            var line = plot.Add.Scatter(published, [.. samples.Select(value)]);
            line.LegendText = name;
            line.LineWidth = 2;
        }
    }

    private static Plot New(string title, string bottom, string left)
    {
        var plot = new Plot();
        plot.Title(title);
        plot.XLabel(bottom);
        plot.YLabel(left);
        return plot;
    }

    private static string Save(Plot plot, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Clone.Root, "bench", "results"));
        var file = Path.Combine(folder.FullName, $"{name}.svg");
        plot.SaveSvg(file, Width, Height);
        return file;
    }
}
