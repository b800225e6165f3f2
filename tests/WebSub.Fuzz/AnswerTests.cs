using WebSub.Discovery;
using WebSub.Http;
using WebSub.Predicates;
using WebSub.Protocol;
using Xunit;

namespace WebSub.Fuzz;

/// <summary>Whatever a server answers to our clients is a result: no exception leaves them.</summary>
public sealed class AnswerTests
{
    private const string Name = "http-answers";
    private static readonly PredicateMessage Message = new()
    {
        Sender = "a",
        Receiver = "b",
        Subject = "c",
        Obj = "d",
        Predicate = "e",
    };

    private static readonly OutboundOptions Outbound = new() { AllowPrivateNetworks = true };

    [Fact]
    public async Task Clients_GivenTheCorpus_HaveAResult()
    {
        await using var server = new RawServer();
        using var http = OutboundHttp.CreateClient(Outbound);
        var faults = new List<string>();

        foreach (var file in Corpus.Files(Name))
        {
            server.Answer = await File.ReadAllBytesAsync(file);
            if (await FaultOfAsync(http, server.Url) is { } fault)
                faults.Add($"{Path.GetFileName(file)}: {fault}");
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Clients_GivenMutations_HaveAResult()
    {
        await using var server = new RawServer();
        using var http = OutboundHttp.CreateClient(Outbound);
        var mutator = new Mutator(Corpus.Of(Name), FuzzSettings.Seed);

        for (var i = 0; i < FuzzSettings.Requests; i++)
        {
            server.Answer = mutator.Next();
            if (await FaultOfAsync(http, server.Url) is { } fault)
                Assert.Fail($"{Name}, FUZZ_SEED={FuzzSettings.Seed}, answer {i}: {fault}\n{Convert.ToBase64String(server.Answer)}");
        }
    }

    [Theory]
    [InlineData("chunk-too-large", DiscoveryError.Unreachable)]
    [InlineData("invalid-brotli", DiscoveryError.Unreachable)]
    [InlineData("deflate-preset-dictionary", DiscoveryError.Unreachable)]
    [InlineData("utf-7", DiscoveryError.InvalidXml)]
    public async Task Discovery_OfWhatCannotBeRead_NamesTheFault(string file, DiscoveryError error)
    {
        await using var server = new RawServer
        {
            Answer = await File.ReadAllBytesAsync(Corpus.Files(Name).Single(f => Path.GetFileName(f) == file)),
        };
        using var http = OutboundHttp.CreateClient(Outbound);

        var result = await new TopicDiscovery(http).DiscoverAsync(server.Url);

        Assert.Equal(error, result.Error);
        Assert.Contains(server.Url, result.Explanation, StringComparison.Ordinal);
    }

    private static async Task<string?> FaultOfAsync(HttpClient http, string url)
    {
        try
        {
            _ = await new TopicDiscovery(http).DiscoverAsync(url);
            _ = await new HubClient(http).PostAsync(url, new HubFields().Add("hub.mode", "publish"));
            _ = await new PredicateApi(http, new Uri(url)).PostAsync(Message);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is what we look for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.ToString();
        }
    }
}
