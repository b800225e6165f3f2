using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebSub.LoadTests.Processes;

/// <summary>A certificate authority of a run, with its certificate in a file; it issues a certificate for each address.</summary>
internal sealed class PrivateAuthority : IDisposable
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(1);
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<IPAddress, X509Certificate2> _issued = new();

    private PrivateAuthority(string path)
    {
        var request = new CertificateRequest("CN=Load test", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Certificate = request.CreateSelfSigned(_now - Validity, _now + Validity);
        File.WriteAllText(path, Certificate.ExportCertificatePem());
    }

    public X509Certificate2 Certificate { get; }

    /// <param name="path">The file to write its certificate to, in PEM.</param>
    public static PrivateAuthority Create(string path) => new(path);

    /// <summary>The certificate of an address.</summary>
    public X509Certificate2 CertificateOf(IPAddress address) => _issued.GetOrAdd(address, Issue);

    public void Dispose()
    {
        foreach (var certificate in _issued.Values)
            certificate.Dispose();
        Certificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Issue(IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={address}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(Certificate, _now - Validity, _now + Validity, RandomNumberGenerator.GetBytes(sizeof(long)));
        return certificate.CopyWithPrivateKey(key);
    }
}
