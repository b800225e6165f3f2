using System.Net;

namespace WebSub.Http;

public sealed class AddressGuardTests
{
    private static readonly AddressGuard Guard = new(new OutboundOptions());

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.31.196.1")]
    [InlineData("192.52.193.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("192.175.48.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::2")]
    [InlineData("::127.0.0.1")]
    [InlineData("::0.0.0.5")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::8.8.8.8")]
    [InlineData("100::1")]
    [InlineData("100:0:0:1::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2620:4f:8000::1")]
    [InlineData("::ffff:168.63.129.16")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:c0a8:101::1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("::8.8.8.8")]
    [InlineData("::fffe:8.8.8.8")]
    [InlineData("64:ff9b:0:1::8.8.8.8")]
    [InlineData("201:1234::1")]
    [InlineData("3ffe::1")]
    [InlineData("4000::1")]
    [InlineData("2001:10::1")]
    [InlineData("2001:2f::1")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2606:4700::5efe:10.0.0.1")]
    [InlineData("2606:4700::200:5efe:169.254.169.254")]
    [InlineData("2606:4700:1:2:0:5efe:127.0.0.1")]
    [InlineData("2002:808:808::5efe:192.168.1.1")]
    [InlineData("2002:a00:1::5efe:8.8.8.8")]
    [InlineData("fd00::5efe:8.8.8.8")]
    public void Allows_SpecialPurposeAddress_IsFalse(string address) => Assert.False(Guard.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("168.63.129.15")]
    [InlineData("168.63.129.17")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2002:808:808::1")]
    [InlineData("2606:4700::1111")]
    [InlineData("2606:4700::5efe:8.8.8.8")]
    [InlineData("2606:4700::5eff:10.0.0.1")]
    [InlineData("2606:4700::100:5efe:10.0.0.1")]
    [InlineData("2606:4700::ffff:10.0.0.1")]
    [InlineData("3ffd:ffff::1")]
    [InlineData("3fff:1000::1")]
    public void Allows_PublicAddress_IsTrue(string address) => Assert.True(Guard.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://0/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[fd00::1]:8080/x")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST:80/")]
    [InlineData("http://localhost./")]
    [InlineData("http://app.localhost/")]
    [InlineData("http://user@10.0.0.1/")]
    public void AllowsHostOf_PrivateLiteralInAnySpelling_IsFalse(string url)
    {
        var parsed = Values.VerbatimUrl.TryCreate(url, out var uri, out _);

        Assert.True(parsed);
        Assert.False(Guard.AllowsHostOf(uri!));
        Assert.True(AddressGuard.IsPrivateHost(uri!));
    }

    [Theory]
    [InlineData("https://blog.example/")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://notlocalhost/")]
    [InlineData("https://localhost.example/")]
    [InlineData("https://[2606:4700::1111]/")]
    public void AllowsHostOf_NameOrPublicLiteral_IsTrue(string url)
    {
        Assert.True(Guard.AllowsHostOf(new Uri(url)));
        Assert.False(AddressGuard.IsPrivateHost(new Uri(url)));
    }

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "10.2.0.1", false)]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "64:ff9b::10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "2002:a01:203::1", true)]
    [InlineData("10.1.0.0/16", "2606:4700::5efe:10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "2606:4700::5efe:10.2.0.1", false)]
    [InlineData("10.1.0.0/16", "fe80::5efe:10.1.2.3", false)]
    [InlineData("fe80::/10", "fe80::5efe:10.1.2.3", true)]
    [InlineData("::ffff:10.1.0.0/112", "::ffff:10.1.2.3", true)]
    [InlineData("fd00::/8", "fd12::1", true)]
    [InlineData("fd00::/8", "fe80::1", false)]
    [InlineData("::1/128", "::1", true)]
    public void Allows_AllowedNetwork_OpensJustThat(string network, string address, bool expected)
    {
        var guard = new AddressGuard(new OutboundOptions { AllowedNetworks = [IPNetwork.Parse(network)] });

        Assert.Equal(expected, guard.Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("127.0.0.0/8", false)]
    [InlineData("127.0.0.0/8,::1/128", true)]
    public void AllowsHostOf_Localhost_NeedsBothLoopbacks(string networks, bool expected)
    {
        var guard = new AddressGuard(new OutboundOptions { AllowedNetworks = [.. networks.Split(',').Select(IPNetwork.Parse)] });

        Assert.Equal(expected, guard.AllowsHostOf(new Uri("http://localhost/")));
    }

    [Fact]
    public void Allows_PrivateNetworksAllowed_OpensAll()
    {
        var guard = new AddressGuard(new OutboundOptions { AllowPrivateNetworks = true });

        Assert.True(guard.Allows(IPAddress.Loopback));
        Assert.True(guard.AllowsHostOf(new Uri("http://localhost/")));
    }
}
