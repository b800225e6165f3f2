using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebSub.Conformance.Checks;

namespace WebSub.Conformance.Reports;

/// <summary>The report as one JSON object.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Write(ConformanceReport report) =>
        JsonSerializer.Serialize(
            new
            {
                report.Role,
                report.Target,
                report.StartedAt,
                report.WasStopped,
                report.IsStrict,
                report.IsConformant,
                report.Verdict,
                Passed = report.Count(CheckOutcome.Passed),
                Failed = report.Count(CheckOutcome.Failed),
                Skipped = report.Count(CheckOutcome.Skipped),
                report.Results,
            },
            Options
        );
}
