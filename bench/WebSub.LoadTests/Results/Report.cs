using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSub.LoadTests.Results;

/// <summary>Shows results as a table narrower than 100 columns and saves them in <c>bench/results/latest.json</c>.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Table(IEnumerable<Measurement> measurements)
    {
        string[] head = [Line("Scenario", "Storage", "Value", "Yardstick", "Unit", "Ratio", "Spread", "Target", ""), new('-', 99)];
        return string.Join('\n', head.Concat(measurements.Select(Line)));
    }

    public static async Task<string> SaveAsync(IEnumerable<Measurement> measurements)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Clone.Root, "bench", "results"));
        var file = Path.Combine(folder.FullName, "latest.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(measurements, Json) + "\n");
        return file;
    }

    private static string Line(Measurement m) =>
        Line(
            m.Scenario,
            $"{m.Storage}",
            Number(m.Value),
            Number(m.Yardstick),
            m.Unit,
            m.Ratio.ToString("0.00", CultureInfo.InvariantCulture),
            $"{m.Spread * 100:0} %",
            m.Target.Text,
            m.IsReached ? "reached" : "missed"
        );

    private static string Line(
        string scenario,
        string storage,
        string value,
        string yardstick,
        string unit,
        string ratio,
        string spread,
        string target,
        string verdict
    ) =>
        string.Format(
                CultureInfo.InvariantCulture,
                "{0,-24}  {1,-10}  {2,7}  {3,9}  {4,-12}  {5,5}  {6,6}  {7,-15} {8}",
                [scenario, storage, value, yardstick, unit, ratio, spread, target, verdict]
            )
            .TrimEnd();

    private static string Number(double value) => value.ToString(value < 10 ? "n1" : "n0", CultureInfo.InvariantCulture);
}
