namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>What the README shows: commands after <c>$ </c> in its console blocks, each with the output below it.</summary>
internal static class Readme
{
    public static IEnumerable<(string Command, List<string> Output)> Transcripts()
    {
        (string Command, List<string> Output)? step = null;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "README.md")))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal) || line.StartsWith("```", StringComparison.Ordinal))
            {
                if (step is { } done)
                    yield return done;
                step = line[0] == '$' ? (line[2..], []) : null;
            }
            else
            {
                step?.Output.Add(line);
            }
        }
    }
}
