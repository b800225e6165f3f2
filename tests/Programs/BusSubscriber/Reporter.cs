namespace BusSubscriber;

/// <summary>Tells the test what this process is about to handle; the test's answer lets it go on.</summary>
public sealed class Reporter(HttpClient http, Uri report)
{
    /// <summary>Reports one message.</summary>
    public async Task TellAsync(string text, CancellationToken cancellationToken)
    {
        using var content = new StringContent($"{Environment.ProcessId} {text}");
        using var answer = await http.PostAsync(report, content, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
