using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace WebSub.Signatures;

public sealed class HubSignatureTests
{
    // RFC 2202 and RFC 4231, test case 2.
    private const string Sha1 = "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
    private const string Sha256 = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    private const string Sha384 = "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649";
    private const string Sha512 =
        "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505"
        + "549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";
    private static readonly byte[] Key = "Jefe"u8.ToArray();
    private static readonly byte[] Body = "what do ya want for nothing?"u8.ToArray();

    [Theory]
    [Trait("Req", "C2")]
    [InlineData(SignatureMethod.Sha1, Sha1)]
    [InlineData(SignatureMethod.Sha256, Sha256)]
    [InlineData(SignatureMethod.Sha384, Sha384)]
    [InlineData(SignatureMethod.Sha512, Sha512)]
    public void Compute_KnownVectors_Match(SignatureMethod method, string expected)
    {
        Assert.Equal(expected, HubSignature.Compute(method, Key, Body));
        Assert.Equal(SignatureVerdict.Valid, HubSignature.Verify(expected, Key, Body));
    }

    [Theory]
    [Trait("Req", "C9")]
    [InlineData(Sha1)]
    [InlineData(Sha256)]
    [InlineData(Sha384)]
    [InlineData(Sha512)]
    public void Verify_UpperCaseHex_IsValid(string header)
    {
        var at = header.IndexOf('=', StringComparison.Ordinal);

        var verdict = HubSignature.Verify(header[..at] + header[at..].ToUpperInvariant(), Key, Body);

        Assert.Equal(SignatureVerdict.Valid, verdict);
    }

    [Theory]
    [Trait("Req", "C8")]
    [InlineData(null, SignatureVerdict.Missing)]
    [InlineData("", SignatureVerdict.Missing)]
    [InlineData("sha256", SignatureVerdict.Malformed)]
    [InlineData("sha256=", SignatureVerdict.Malformed)]
    [InlineData("=5bdc", SignatureVerdict.Malformed)]
    [InlineData("sha256=xyz", SignatureVerdict.Malformed)]
    [InlineData("sha256=5bd", SignatureVerdict.Malformed)]
    [InlineData("sha256=5bdcc146", SignatureVerdict.Malformed)]
    [InlineData(Sha256 + "00", SignatureVerdict.Malformed)]
    [InlineData(Sha256 + "0", SignatureVerdict.Malformed)]
    [InlineData(Sha256 + " ", SignatureVerdict.Malformed)]
    [InlineData(Sha256 + "," + Sha256, SignatureVerdict.Malformed)]
    [InlineData("sha256=0x5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec38", SignatureVerdict.Malformed)]
    [InlineData("SHA256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", SignatureVerdict.UnknownMethod)]
    [InlineData("md5=750c783e6ab0b503eaa86e310a5db738", SignatureVerdict.UnknownMethod)]
    [InlineData("sha256 =5bdc", SignatureVerdict.UnknownMethod)]
    [InlineData("sha1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", SignatureVerdict.Malformed)]
    [InlineData("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3842", SignatureVerdict.Mismatch)]
    public void Verify_AnythingElse_VerifiesNothing(string? header, SignatureVerdict expected) =>
        Assert.Equal(expected, HubSignature.Verify(header, Key, Body));

    [Fact]
    [Trait("Req", "C5")]
    public void Verify_OtherSecretOrBody_IsAMismatch()
    {
        Assert.Equal(SignatureVerdict.Mismatch, HubSignature.Verify(Sha256, "jefe"u8, Body));
        Assert.Equal(SignatureVerdict.Mismatch, HubSignature.Verify(Sha256, Key, "what do ya want for nothing? "u8));
        Assert.Equal(SignatureVerdict.Mismatch, HubSignature.Verify(Sha256, Key, []));
    }

    [Fact]
    [Trait("Req", "C3")]
    public void Verify_RawBytes_AreNotTouched()
    {
        byte[] body = [0xef, 0xbb, 0xbf, 0, 13, 10, 0xff];

        var header = HubSignature.Compute(SignatureMethod.Sha512, Encoding.UTF8.GetBytes("geheim é"), body);

        Assert.Equal(SignatureVerdict.Valid, HubSignature.Verify(header, Encoding.UTF8.GetBytes("geheim é"), body));
        Assert.Equal(SignatureVerdict.Mismatch, HubSignature.Verify(header, Encoding.UTF8.GetBytes("geheim é"), body.AsSpan(3)));
    }

    [Fact]
    public void Verify_AnyBodyWithOneBitTurned_IsAMismatch()
    {
        var bytes = Gen.NonEmptyListOf(Gen.Choose(0, 255).Select(i => (byte)i)).Select(l => l.ToArray()).ToArbitrary();
        var property = Prop.ForAll(
            bytes,
            bytes,
            Gen.Choose(0, 3).ToArbitrary(),
            (key, body, method) =>
            {
                var header = HubSignature.Compute((SignatureMethod)method, key, body);
                var other = (byte[])body.Clone();
                other[body.Length / 2] ^= 1;
                return HubSignature.Verify(header, key, body) == SignatureVerdict.Valid
                    && HubSignature.Verify(header, key, other) == SignatureVerdict.Mismatch;
            }
        );

        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true), property);
    }

    [Fact]
    public void Verify_AnyHeader_NeverThrows()
    {
        var random = new Random(20180123);
        for (var round = 0; round < 20_000; round++)
        {
            var header = Sha512.ToCharArray();
            for (var edits = random.Next(1, 5); edits > 0; edits--)
                header[random.Next(header.Length)] = (char)random.Next(1, 300);
            var text = new string(header, 0, random.Next(header.Length + 1));

            Assert.True(
                HubSignature.Verify(text, Key, Body) != SignatureVerdict.Valid || text.Equals(Sha512, StringComparison.OrdinalIgnoreCase)
            );
        }
    }

    [Fact]
    public void NameOf_NoMethod_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => HubSignature.NameOf((SignatureMethod)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => HubSignature.Compute((SignatureMethod)99, Key, Body));
    }
}
