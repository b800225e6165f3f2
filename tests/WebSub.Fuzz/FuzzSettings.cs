using System.Globalization;

namespace WebSub.Fuzz;

/// <summary>How much is tried: little in the usual run, more by hand.</summary>
internal static class FuzzSettings
{
    /// <summary>FUZZ_SEED: 1 if it is not given.</summary>
    public static int Seed { get; } = Number("FUZZ_SEED", 1);

    /// <summary>FUZZ_INPUTS: how many inputs each parser is given.</summary>
    public static int Inputs { get; } = Number("FUZZ_INPUTS", 1500);

    /// <summary>FUZZ_REQUESTS: how many requests each endpoint is sent.</summary>
    public static int Requests { get; } = Number("FUZZ_REQUESTS", 150);

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
