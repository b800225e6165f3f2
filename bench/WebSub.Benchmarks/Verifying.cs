using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using WebSub.Signatures;

namespace WebSub.Benchmarks;

/// <summary>A signature compared with its body of 1 KB: in constant time, and as naive code does it, with a comparison of texts.</summary>
[MemoryDiagnoser]
public class Verifying
{
    private readonly byte[] _secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly byte[] _body = new byte[1_024];
    private string _header = "";

    /// <summary>A right signature.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        new Random(1).NextBytes(_body);
        _header = HubSignature.Compute(SignatureMethod.Sha256, _secret, _body);
        if (Ours() != SignatureVerdict.Valid || !Naive())
            throw new InvalidOperationException("A right signature is refused.");
    }

    /// <summary>The header is read, the method chosen, the digests compared.</summary>
    [Benchmark]
    public SignatureVerdict Ours() => HubSignature.Verify(_header, _secret, _body);

    /// <summary>Sign again, compare texts.</summary>
    [Benchmark(Baseline = true)]
    public bool Naive() => _header == "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(_secret, _body));
}
