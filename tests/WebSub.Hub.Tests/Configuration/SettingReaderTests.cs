using Microsoft.Extensions.Configuration;
using WebSub.Hub.Configuration;
using WebSub.Settings;
using WebSub.Signatures;
using Xunit;

namespace WebSub.Hub.Tests.Configuration;

/// <summary>What a setting accepts, from every source, and what is said about one that cannot be taken.</summary>
public sealed class SettingReaderTests
{
    private const string Section = "WebSub:Hub";

    [Fact]
    public void ReadList_Absent_KeepsTheDefault()
    {
        IReadOnlyList<long> retry = [5, 30];

        Read([], reader => reader.ReadList("RetrySeconds", SettingForm.Integer(1, 100), v => retry = v));

        Assert.Equal([5, 30], retry);
    }

    [Fact]
    public void ReadList_WithCommas_ReplacesTheDefault()
    {
        IReadOnlyList<long> retry = [5, 30, 120];

        var faults = Read(
            new() { [$"{Section}:RetrySeconds"] = "1, 2" },
            reader => reader.ReadList("RetrySeconds", SettingForm.Integer(1, 100), v => retry = v)
        );

        Assert.Equal([1, 2], retry);
        Assert.Empty(faults);
    }

    [Fact]
    public void ReadList_AsArray_ReplacesTheDefault()
    {
        IReadOnlyList<long> retry = [5, 30, 120];

        Read(
            new() { [$"{Section}:RetrySeconds:0"] = "7", [$"{Section}:RetrySeconds:1"] = "8" },
            reader => reader.ReadList("RetrySeconds", SettingForm.Integer(1, 100), v => retry = v)
        );

        Assert.Equal([7, 8], retry);
    }

    [Theory]
    [InlineData("RetrySeconds", "3,4")]
    [InlineData("RetrySeconds__0", "3")]
    public void ReadList_FromTheEnvironment_ReplacesTheDefault(string variable, string value)
    {
        // A separate prefix keeps this apart from tests that run at the same time.
        var prefix = $"T{Guid.NewGuid():N}_";
        Environment.SetEnvironmentVariable($"{prefix}WebSub__Hub__{variable}", value);
        IReadOnlyList<long> retry = [5, 30, 120];

        try
        {
            var configuration = new ConfigurationBuilder().AddEnvironmentVariables(prefix).Build();
            new SettingReader(configuration, Section).ReadList("RetrySeconds", SettingForm.Integer(1, 100), v => retry = v);
        }
        finally
        {
            Environment.SetEnvironmentVariable($"{prefix}WebSub__Hub__{variable}", null);
        }

        Assert.Equal(value.Split(',').Select(long.Parse), retry);
    }

    [Fact]
    public void ReadList_CommasOverAnArrayInAnotherSource_Wins()
    {
        IReadOnlyList<long> retry = [];
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?> { [$"{Section}:RetrySeconds:0"] = "7", [$"{Section}:RetrySeconds:1"] = "8" }
            )
            .AddCommandLine([$"--{Section}:RetrySeconds=9"])
            .Build();

        new SettingReader(configuration, Section).ReadList("RetrySeconds", SettingForm.Integer(1, 100), v => retry = v);

        Assert.Equal([9], retry);
    }

    [Fact]
    public void ReadList_WithOneBadValue_KeepsTheDefault()
    {
        IReadOnlyList<long> retry = [5, 30];

        var faults = Read(
            new() { [$"{Section}:RetrySeconds"] = "7,x" },
            reader => reader.ReadList("RetrySeconds", SettingForm.Integer(1, 100), v => retry = v)
        );

        Assert.Equal([5, 30], retry);
        Assert.Single(faults);
    }

    [Theory]
    [InlineData("0.1", true)]
    [InlineData("600", true)]
    [InlineData("0.0999", false)]
    [InlineData("600.0001", false)]
    [InlineData("1e300", false)]
    [InlineData("NaN", false)]
    [InlineData("", true)]
    public void Seconds_AtTheirBounds_AreTakenAsFarAsTheyGo(string text, bool taken)
    {
        var faults = Read(
            new() { [$"{Section}:TimeoutSeconds"] = text },
            reader => reader.Read("TimeoutSeconds", SettingForm.Seconds(0.1, 600), _ => { })
        );

        Assert.Equal(taken, faults.Count == 0);
    }

    [Fact]
    public void Faults_SeveralBadValues_AreAllNamedWithValueAndRange()
    {
        var values = new Dictionary<string, string?>
        {
            [$"{Section}:TimeoutSeconds"] = "soon",
            [$"{Section}:MaxConcurrency"] = "0",
            [$"{Section}:Signature"] = "md5",
            [$"{Section}:PublicUrl"] = "hub.example",
            [$"{Section}:RetrySeconds"] = "5,x,500",
            [$"{Section}:Enabled"] = "yes",
        };

        var faults = Read(
            values,
            reader =>
            {
                reader.Read("TimeoutSeconds", SettingForm.Seconds(0.5, 60), _ => { });
                reader.Read("MaxConcurrency", SettingForm.Count(1, 1024), _ => { });
                reader.Read("Signature", SettingForm.Choice<SignatureMethod>(), _ => { });
                reader.Read("PublicUrl", SettingForm.Url, _ => { });
                reader.ReadList("RetrySeconds", SettingForm.Seconds(1, 100), _ => { });
                reader.Read("Enabled", SettingForm.Boolean, _ => { });
            }
        );

        Assert.Equal(
            [
                "WebSub:Hub:TimeoutSeconds is \"soon\"; expected a number of seconds from 0.5 to 60.",
                "WebSub:Hub:MaxConcurrency is \"0\"; expected a whole number from 1 to 1024.",
                "WebSub:Hub:Signature is \"md5\"; expected one of Sha1, Sha256, Sha384, Sha512.",
                "WebSub:Hub:PublicUrl is \"hub.example\"; expected an absolute http or https URL.",
                "WebSub:Hub:RetrySeconds has \"x\"; expected a list of seconds such as 5,30,120, each from 1 to 100.",
                "WebSub:Hub:RetrySeconds has \"500\"; expected a list of seconds such as 5,30,120, each from 1 to 100.",
                "WebSub:Hub:Enabled is \"yes\"; expected true or false.",
            ],
            faults
        );
    }

    [Fact]
    public void Values_GoodOnes_AreSet()
    {
        var (timeout, fraction, method, url, text) = (TimeSpan.Zero, 0.0, SignatureMethod.Sha256, new Uri("http://x/"), "");
        var values = new Dictionary<string, string?>
        {
            [$"{Section}:TimeoutSeconds"] = " 2.5 ",
            [$"{Section}:Fraction"] = "0.75",
            [$"{Section}:Signature"] = "sha512",
            [$"{Section}:PublicUrl"] = "https://hub.example/hub",
            [$"{Section}:Name"] = "north",
        };

        var faults = Read(
            values,
            reader =>
            {
                reader.Read("TimeoutSeconds", SettingForm.Seconds(0.5, 60), v => timeout = v);
                reader.Read("Fraction", SettingForm.Fraction(0, 1), v => fraction = v);
                reader.Read("Signature", SettingForm.Choice<SignatureMethod>(), v => method = v);
                reader.Read("PublicUrl", SettingForm.Url, v => url = v);
                reader.Read("Name", SettingForm.Text, v => text = v);
            }
        );

        Assert.Empty(faults);
        Assert.Equal(
            (TimeSpan.FromSeconds(2.5), 0.75, SignatureMethod.Sha512, new Uri("https://hub.example/hub"), "north"),
            (timeout, fraction, method, url, text)
        );
    }

    [Theory]
    [InlineData("3")] // a member's number is not its name
    [InlineData("sha256,sha512")]
    public void Choice_NotAName_IsAFault(string value)
    {
        SignatureMethod? method = null;

        var faults = Read(
            new() { [$"{Section}:Signature"] = value },
            reader => reader.Read("Signature", SettingForm.Choice<SignatureMethod>(), v => method = v)
        );

        Assert.Single(faults);
        Assert.Null(method);
    }

    [Fact]
    public void Table_NetworksAndGuard_AreReadAndFaultsNamed()
    {
        var options = new HubOptions();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["WebSub:Outbound:AllowPrivateNetworks"] = "true",
                    ["WebSub:Outbound:AllowedNetworks"] = "10.1.0.0/16, fd00::/8",
                    ["WebSub:Outbound:Proxy"] = "proxy:3128",
                }
            )
            .Build();

        var faults = HubSettings.Table.Read(configuration, options);

        Assert.True(options.Outbound.AllowPrivateNetworks);
        Assert.Equal(["10.1.0.0/16", "fd00::/8"], options.Outbound.AllowedNetworks.Select(n => n.ToString()));
        Assert.Equal(["WebSub:Outbound:Proxy is \"proxy:3128\"; expected an absolute http or https URL."], faults);
    }

    [Theory]
    [InlineData(
        "Delivery:TimeoutSecond",
        "WebSub:Hub:Delivery:TimeoutSecond is not a setting; did you mean WebSub:Hub:Delivery:TimeoutSeconds?"
    )]
    [InlineData("delivery:timeoutseconds", null)]
    [InlineData("TimeoutSeconds", "WebSub:Hub:TimeoutSeconds is not a setting; did you mean WebSub:Hub:Delivery:TimeoutSeconds?")]
    [InlineData("Colour", "WebSub:Hub:Colour is not a setting.")]
    [InlineData("Delivery", "WebSub:Hub:Delivery is not a setting.")]
    [InlineData(
        "Delivery:TimeoutSeconds:0",
        "WebSub:Hub:Delivery:TimeoutSeconds:0 is not a setting; did you mean WebSub:Hub:Delivery:TimeoutSeconds?"
    )]
    [InlineData("RetrySeconds:0", null)]
    [InlineData("RetrySecond:0", "WebSub:Hub:RetrySecond:0 is not a setting; did you mean WebSub:Hub:RetrySeconds?")]
    [InlineData("Subscriptions:0:Parameters:x", null)]
    public void RefuseOthers_KeyThatNothingReads_IsAFaultThatNamesTheNearest(string key, string? fault)
    {
        var faults = Read(
            new() { [$"{Section}:{key}"] = "1" },
            reader =>
            {
                reader.Read("Delivery:TimeoutSeconds", SettingForm.Seconds(0.5, 60), _ => { });
                reader.ReadList("RetrySeconds", SettingForm.Integer(1, 100), _ => { });
                reader.Knows("Subscriptions");
                reader.RefuseOthers();
            }
        );

        Assert.Equal(fault is null ? [] : [fault], faults);
    }

    [Theory]
    [InlineData("WebSub:Hubb:PublicUrl", "WebSub:Hubb is not a settings section; did you mean WebSub:Hub?")]
    [InlineData("WebSub:Somebody:Elses", null)]
    [InlineData(
        "WebSub:Outbound:AllowPrivateNetwork",
        "WebSub:Outbound:AllowPrivateNetwork is not a setting; did you mean WebSub:Outbound:AllowPrivateNetworks?"
    )]
    [InlineData(
        "ConnectionStrings:WebSubHub",
        "ConnectionStrings:WebSubHub is not a setting; WebSub's connection strings are WebSub, WebSubSubscriber, WebSubPublisher."
    )]
    [InlineData("ConnectionStrings:Shop", null)]
    public void Table_WhatLooksLikeOursAndIsNot_IsAFault(string key, string? fault)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = "true" }).Build();

        var faults = HubSettings.Table.Read(configuration, new());

        Assert.Equal(fault is null ? [] : [fault], faults);
    }

    private static List<string> Read(Dictionary<string, string?> values, Action<SettingReader> read)
    {
        var reader = new SettingReader(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), Section);
        read(reader);
        return reader.Faults;
    }
}
