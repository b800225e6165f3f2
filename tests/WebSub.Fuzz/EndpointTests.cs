using System.Collections.Concurrent;
using System.Text;
using Xunit;

namespace WebSub.Fuzz;

/// <summary>
/// Whatever a request is made of, its answer is no 5xx and its connection ends, and nothing is logged as an error of ours.
/// </summary>
public sealed class EndpointTests
{
    // The server's own answer to versions of HTTP that it does not have.
    private const int VersionNotSupported = 505;

    // How long an answer to a request that may not be whole is waited for: nothing fails if it takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData("http-hub")]
    [InlineData("http-predicates")]
    [InlineData("http-callback")]
    public async Task Endpoint_GivenTheCorpus_AnswersAsARequestDeserves(string name)
    {
        await using var app = await FuzzedApp.StartAsync();
        var failures = new List<string>();

        foreach (var file in Corpus.Files(name))
        {
            var status = await app.SendAsync(await File.ReadAllBytesAsync(file));
            if (status is not ((>= 200 and < 300) or (>= 400 and < 500)))
                failures.Add($"{Path.GetFileName(file)}: {status}");
        }

        Assert.Empty(failures);
        Assert.Empty(app.Faults.Errors);
    }

    [Theory]
    [InlineData("http-hub")]
    [InlineData("http-predicates")]
    [InlineData("http-callback")]
    public async Task Endpoint_GivenMutations_NeverFails(string name)
    {
        await using var app = await FuzzedApp.StartAsync();
        var mutator = new Mutator(Corpus.Of(name), FuzzSettings.Seed);
        var requests = Enumerable.Range(0, FuzzSettings.Requests).Select(i => (Number: i, Bytes: mutator.Next())).ToList();
        var failures = new ConcurrentQueue<string>();

        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (request, _) =>
            {
                var status = await app.SendAsync(request.Bytes, Patience);
                if (status is >= 500 and not VersionNotSupported)
                    failures.Enqueue($"request {request.Number}: {status}\n{Convert.ToBase64String(request.Bytes)}");
            }
        );

        Assert.True(failures.IsEmpty, $"{name}, FUZZ_SEED={FuzzSettings.Seed}\n{string.Join('\n', failures)}");
        Assert.Empty(app.Faults.Errors);
        Assert.Equal(202, await app.SendAsync(Encoding.ASCII.GetBytes(Ping)));
    }

    private const string Ping =
        "POST /hub HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 47\r\n\r\n"
        + "hub.mode=publish&hub.url=http%3A%2F%2Fa.example";
}
