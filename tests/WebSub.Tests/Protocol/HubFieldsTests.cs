using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace WebSub.Protocol;

public sealed class HubFieldsTests
{
    [Theory]
    [InlineData("hub.mode=subscribe&hub.topic=http%3A%2F%2Fa%2F", "hub.mode:subscribe|hub.topic:http://a/")]
    [InlineData("a=b+c%20d", "a:b c d")]
    [InlineData("a+b=c", "a b:c")]
    [InlineData("a=%C3%A9%c3%a9", "a:éé")]
    [InlineData("a=b=c", "a:b=c")]
    [InlineData("a", "a:")]
    [InlineData("a=", "a:")]
    [InlineData("=b", ":b")]
    [InlineData("&&a=1&&b=2&", "a:1|b:2")]
    [InlineData("a=1&a=2", "a:1|a:2")]
    [InlineData("a=100%&b=%zz&c=%4", "a:100%|b:%zz|c:%4")]
    [InlineData("a=%26%3D%2B", "a:&=+")]
    [InlineData("", "")]
    public void TryParse_Form_GivesItsFields(string form, string expected)
    {
        var parsed = HubFields.TryParse(Encoding.UTF8.GetBytes(form), out var fields, out var error);

        Assert.True(parsed, error);
        Assert.Equal(expected, string.Join('|', fields!.Items.Select(i => $"{i.Key}:{i.Value}")));
    }

    [Theory]
    [Trait("Req", "S3")]
    [InlineData("a=%FF")]
    [InlineData("a=%C3")]
    [InlineData("%ED%A0%80=b")]
    public void TryParse_NotUtf8_IsRefused(string form)
    {
        Assert.False(HubFields.TryParse(Encoding.ASCII.GetBytes(form), out var fields, out var error));
        Assert.Null(fields);
        Assert.Equal("The form is not valid UTF-8 (W3C WebSub §5.1 asks for UTF-8).", error);
    }

    [Theory]
    [InlineData("x=%FF&hub.mode=subscribe", "x:\ufffd|hub.mode:subscribe")]
    [InlineData("%FFx=1", "\ufffdx:1")]
    [InlineData("hub.reason=Gr%FC%DFe", "hub.reason:Gr\ufffd\ufffde")]
    [InlineData("hub.topic=%FF", null)]
    [InlineData("hub.%FF=1", null)]
    public void TryParseCallback_NotUtf8_IsRefusedOnlyWhereItCounts(string query, string? expected)
    {
        var parsed = HubFields.TryParseCallback(Encoding.ASCII.GetBytes(query), out var fields, out var error);

        Assert.Equal(expected is not null, parsed);
        Assert.Equal(expected is null, error is not null);
        Assert.Equal(expected, fields is null ? null : string.Join('|', fields.Items.Select(i => $"{i.Key}:{i.Value}")));
    }

    [Fact]
    public void TryParse_RawBytesThatAreNotUtf8_AreRefused() =>
        Assert.False(HubFields.TryParse([(byte)'a', (byte)'=', 0xff], out _, out _));

    [Fact]
    public void TryParse_TooManyFields_IsRefused()
    {
        var most = string.Join('&', Enumerable.Repeat("a=1", HubFields.MaxCount));

        Assert.True(HubFields.TryParse(Encoding.ASCII.GetBytes(most), out _, out _));
        Assert.False(HubFields.TryParse(Encoding.ASCII.GetBytes(most + "&a=1"), out _, out var error));
        Assert.Equal("The form has more than 1024 fields.", error);
    }

    [Fact]
    public void TryParse_LongValue_IsRead()
    {
        var parsed = HubFields.TryParse(
            Encoding.ASCII.GetBytes("a=" + string.Concat(Enumerable.Repeat("%41+", 1000))),
            out var fields,
            out _
        );

        Assert.True(parsed);
        Assert.Equal(string.Concat(Enumerable.Repeat("A ", 1000)), fields!["a"]);
    }

    [Fact]
    public void Indexer_RepeatedField_GivesTheFirst()
    {
        var fields = new HubFields().Add("a", "1").Add("b", "2").Add("a", "3").Add("c", (string?)null).Add("n", 5);

        Assert.Equal("1", fields["a"]);
        Assert.Equal(["1", "3"], fields.All("a"));
        Assert.Null(fields["c"]);
        Assert.Null(fields["A"]);
        Assert.Equal("5", fields["n"]);
    }

    [Fact]
    public void TryParse_WhatWasWritten_GivesItBack()
    {
        var text = ArbMap
            .Default.GeneratorFor<string>()
            .Where(s => s is not null && new UTF8Encoding(false).GetString(Encoding.UTF8.GetBytes(s)) == s);
        var pairs = Gen.ListOf(Gen.Zip(text, text)).Where(l => l.All(p => p.Item1.Length + p.Item2.Length > 0));
        var property = Prop.ForAll(
            pairs.ToArbitrary(),
            list =>
            {
                var written = new HubFields(list.Select(p => KeyValuePair.Create(p.Item1, p.Item2))).ToString();
                return HubFields.TryParse(Encoding.ASCII.GetBytes(written), out var read, out _)
                    && read.Items.Select(i => (i.Key, i.Value)).SequenceEqual(list.Select(p => (p.Item1, p.Item2)));
            }
        );

        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(500), property);
    }

    [Fact]
    public void TryParse_AnyBytes_NeverThrows()
    {
        var bytes = Gen.ListOf(
            Gen.OneOf(
                Gen.Elements((byte)'%', (byte)'&', (byte)'=', (byte)'+', (byte)'4', (byte)'c'),
                Gen.Choose(0, 255).Select(i => (byte)i)
            )
        );
        var property = Prop.ForAll(
            bytes.ToArbitrary(),
            b => HubFields.TryParse([.. b], out var fields, out var error) == (error is null) && (fields is null) == (error is not null)
        );

        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(5000), property);
    }
}
