using System.Globalization;
using WebSub.Subscriber.Feeds;
using Xunit;

namespace WebSub.Subscriber.Tests.Feeds;

public sealed class FeedDateTests
{
    [Theory]
    [InlineData("Tue, 23 Jan 2018 02:54:55 GMT", "2018-01-23T02:54:55Z")]
    [InlineData("Mon, 23 Jan 2018 02:54:55 GMT", "2018-01-23T02:54:55Z")]
    [InlineData("mar., 23 Jan 2018 02:54:55 GMT", "2018-01-23T02:54:55Z")]
    [InlineData("Вт, 23 Jan 2018 02:54:55 GMT", "2018-01-23T02:54:55Z")]
    [InlineData("TUE,23 JAN 2018 02:54:55", "2018-01-23T02:54:55Z")]
    [InlineData("Tuesday, 23-Jan-18 02:54:55 GMT", "2018-01-23T02:54:55Z")]
    [InlineData("23 Jan 98 2:4 EST", "1998-01-23T07:04:00Z")]
    [InlineData("Tue, 23 January 2018", "2018-01-23T00:00:00Z")]
    [InlineData("Tue, 18 Sept. 2018 02:54:55 +0000", "2018-09-18T02:54:55Z")]
    [InlineData("Tue, 23 (the 23rd (sic)) Jan 2018 02:54:55 +0300 (MSK)", "2018-01-22T23:54:55Z")]
    [InlineData("Tue, 23 Jan 2018 02:54:55 +0300 MSK", "2018-01-22T23:54:55Z")]
    [InlineData("Tue, 23 Jan 2018 02:54:55 +03:00", "2018-01-22T23:54:55Z")]
    [InlineData("Tue, 23 Jan 2018 02:54:55 GMT+3", "2018-01-22T23:54:55Z")]
    [InlineData("Tue, 23 Jan 2018 02:54:55 UTC-0330", "2018-01-23T06:24:55Z")]
    [InlineData("Tue, 23 Jan 2018 02:54:55 -0000", "2018-01-23T02:54:55Z")]
    [InlineData("Tue, 23 Jan 2018 02:54:55 nst", "2018-01-23T06:24:55Z")]
    [InlineData("Tue, 23 Jan 2018 02:54:55 XYZ", "2018-01-23T02:54:55Z")]
    [InlineData("Tue, 23 Jan 2018 24:00:00 GMT", "2018-01-24T00:00:00Z")]
    [InlineData("Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z")]
    [InlineData("Jan 23, 2018 2:54:55 PM GMT", "2018-01-23T14:54:55Z")]
    [InlineData("Tuesday, January 23rd, 2018 at 12:05 a.m.", "2018-01-23T00:05:00Z")]
    [InlineData("Tue Jan 23 02:54:55 2018", "2018-01-23T02:54:55Z")]
    [InlineData("Tue Jan 23 02:54:55 EST 2018", "2018-01-23T07:54:55Z")]
    [InlineData("2018-01-23T02:54:55.123456789+01:00", "2018-01-23T01:54:55.1234567Z")]
    [InlineData("2018-01-23t02:54:55,5z", "2018-01-23T02:54:55.5Z")]
    [InlineData("2018-01-23T24:00:00Z", "2018-01-24T00:00:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("2016-12-31T18:59:60-05:00", "2017-01-01T00:00:00Z")]
    [InlineData("2018-01-23 02:54:55+03", "2018-01-22T23:54:55Z")]
    [InlineData("2018-01-23T02:54:55+02:00[Europe/Helsinki]", "2018-01-23T00:54:55Z")]
    [InlineData("2018-01-23 02:54 UTC", "2018-01-23T02:54:00Z")]
    [InlineData(" 2018-1-3\n", "2018-01-03T00:00:00Z")]
    public void Read_ADateAsItIsMeant_GivesIt(string text, string expected)
    {
        var date = FeedDate.Read(text);

        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), date);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10:30")]
    [InlineData("2018")]
    [InlineData("2018-01")]
    [InlineData("Monday")]
    [InlineData("23 Jan")]
    [InlineData("Jan 2018")]
    [InlineData("yesterday")]
    [InlineData("0000-00-00T00:00:00Z")]
    [InlineData("2018-02-30")]
    [InlineData("23 Foo 2018")]
    [InlineData("23/01/2018")]
    [InlineData("1516676095")]
    [InlineData("2018-01-23T25:00:00Z")]
    [InlineData("2018-01-23T24:00:01Z")]
    [InlineData("2018-01-23T02:60:00Z")]
    [InlineData("2018-01-23T02:54:61Z")]
    [InlineData("2018-01-23T02:54:55+19:00")]
    [InlineData("9999-12-31T24:00:00Z")]
    [InlineData("(2018-01-23)")]
    public void Read_WhatNamesNoDay_IsNull(string? text)
    {
        var date = FeedDate.Read(text);

        Assert.Null(date);
    }

    [Fact]
    public void Read_AMegabyte_IsNull()
    {
        Assert.Null(FeedDate.Read(new string('(', 1_000_000)));
        Assert.Null(FeedDate.Read(new string('(', 99)));
    }
}
