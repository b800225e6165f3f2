using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebSub.TestSupport;

/// <summary>A private certificate authority and a certificate of 127.0.0.1 that it has signed.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset To = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private TestCertificates(X509Certificate2 authority, X509Certificate2 server) => (Authority, Server) = (authority, server);

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    /// <param name="issuerUrl">Where the server's certificate says that its issuer's can be had; null says nothing.</param>
    public static TestCertificates Create(string? issuerUrl = null)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: true,
                hasPathLengthConstraint: false,
                pathLengthConstraint: 0,
                critical: true
            )
        );
        var root = authority.CreateSelfSigned(From, To);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=127.0.0.1", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        if (issuerUrl is not null)
            server.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuerUrl]));
        using var signed = server.Create(root, From, To, [1, 2, 3, 4]);
        using var withKey = signed.CopyWithPrivateKey(serverKey);
        // Servers want a key that was loaded, not made.
        return new(root, X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable));
    }

    /// <summary>Makes a client's handler believe this authority only.</summary>
    public void Trust(SocketsHttpHandler handler) =>
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { Authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };

    /// <summary>Writes the authority, the server's certificate and its key as PEM files, as an operator has them.</summary>
    public (string Authority, string Certificate, string Key) Save(string folder)
    {
        string Write(string name, string pem)
        {
            var file = Path.Combine(folder, name);
            File.WriteAllText(file, pem);
            return file;
        }

        using var key = Server.GetECDsaPrivateKey()!;
        return (
            Write("authority.pem", Authority.ExportCertificatePem()),
            Write("server.pem", Server.ExportCertificatePem()),
            Write("server.key", key.ExportPkcs8PrivateKeyPem())
        );
    }

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
    }
}
