using WebSub.Fuzz.Targets;
using Xunit;

namespace WebSub.Fuzz;

/// <summary>
/// No parser throws what it is not documented to throw, and none allocates more than a multiple of what it was given: the documents of
/// strangers may not cost more than they are.
/// </summary>
public sealed class ParserTests
{
    private const long Fixed = 8 * 1024 * 1024;
    private const long PerByte = 4096;

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Parser_GivenTheCorpus_EndsAsDocumented(string name)
    {
        var files = Corpus.Files(name);

        var faults = files.Select(f => FaultOf(name, File.ReadAllBytes(f)) is { } fault ? $"{Path.GetFileName(f)}: {fault}" : null);

        Assert.NotEmpty(files);
        Assert.Empty(faults.OfType<string>());
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Parser_GivenMutations_EndsAsDocumented(string name)
    {
        var mutator = new Mutator(Corpus.Of(name), FuzzSettings.Seed);

        for (var i = 0; i < FuzzSettings.Inputs; i++)
        {
            var input = mutator.Next();
            if (FaultOf(name, input) is { } fault)
                Assert.Fail($"{name}, FUZZ_SEED={FuzzSettings.Seed}, input {i}: {fault}\n{Convert.ToBase64String(input)}");
        }
    }

    private static string? FaultOf(string name, byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            FuzzTarget.Named(name).Run(input);
        }
#pragma warning disable CA1031 // Whatever it is, it is what we look for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.ToString();
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var limit = Fixed + PerByte * input.Length;
        return allocated > limit ? $"{allocated} bytes were allocated for an input of {input.Length}, more than {limit}." : null;
    }
}
