using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebSub.Http;

/// <summary>Trusts certificates of authorities that the machine does not know, in addition to those that it does.</summary>
internal sealed class PrivateAuthorities(X509Certificate2Collection authorities)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>Decides on a peer's certificate, as <see cref="RemoteCertificateValidationCallback"/>.</summary>
    /// <param name="sender">The caller.</param>
    /// <param name="certificate">The peer's certificate.</param>
    /// <param name="known">The chain to the authorities that the machine knows; incomplete, or this callback would not be needed.</param>
    /// <param name="errors">What is wrong with it.</param>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? known, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        // Only the issuer is ours to judge: a certificate for another host, or none, stays refused.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf)
            return false;

        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(ServerAuthentication);
        // The certificates that the peer sent along.
        if (known is not null)
            policy.ExtraStore.AddRange(known.ChainPolicy.ExtraStore);
        return chain.Build(leaf);
    }
}
