using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using WebSub.Signatures;

namespace WebSub.Benchmarks;

/// <summary>The X-Hub-Signature header of a body: ours, and the framework's HMAC written as hexadecimal digits.</summary>
[MemoryDiagnoser]
public class Signing
{
    private readonly byte[] _secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private byte[] _body = [];

    /// <summary>Bytes of the body.</summary>
    [Params(1_024, 65_536)]
    public int Size { get; set; }

    /// <summary>A body that is the same in every run.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _body = new byte[Size];
        new Random(1).NextBytes(_body);
        if (Ours() != Framework())
            throw new InvalidOperationException("The two differ.");
    }

    /// <summary>The header's value.</summary>
    [Benchmark]
    public string Ours() => HubSignature.Compute(SignatureMethod.Sha256, _secret, _body);

    /// <summary>The same by hand.</summary>
    [Benchmark(Baseline = true)]
    public string Framework() => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(_secret, _body));
}
