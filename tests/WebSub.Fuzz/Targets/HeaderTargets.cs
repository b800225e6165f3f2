using System.Text;
using Microsoft.AspNetCore.Http;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Subscriber.Feeds;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Subscriptions;
using WebSub.Values;

namespace WebSub.Fuzz.Targets;

/// <summary>Headers, and the URLs in them.</summary>
internal static class HeaderTargets
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    public static void Links(byte[] input)
    {
        foreach (var text in new[] { Input.Text(input), Encoding.UTF8.GetString(input) })
        {
            var links = LinkHeader.Parse(text);
            foreach (var link in links)
            {
                _ = RelativeReference.Resolve("https://site.example/a/", LooseReference.Clean(link.Target));
                _ = link.Has("hub");
            }
        }
    }

    public static void Signatures(byte[] input)
    {
        var (header, body) = Input.SplitLine(input);
        if (HubSignature.Verify(header, "secret"u8, body) == SignatureVerdict.Valid && !header.Contains('=', StringComparison.Ordinal))
            throw new InvalidOperationException("A signature without a method counted.");
        _ = HubSignature.TryParseMethod(header, out _);
        _ = Secret.TryParse(header, out _, out _);
    }

    public static void Deliveries(byte[] input)
    {
        var (first, rest) = Input.SplitLine(input);
        var second = Input.Text(rest);
        var headers = new HeaderDictionary
        {
            [HubHeaders.DeliveryId] = first,
            ["X-Other"] = second,
            ["Link"] = second,
        };
        HeaderBag.Read(HeaderBag.Write(HeaderBag.From(headers, first)));
        RepeatRule
            .Of(new())
            .Judge(
                new(first, second, second, IsSigned: true, Now),
                [new(1, new(second, first, null, IsSigned: false, Now), first.Split(' '))]
            );
        _ = LeaseSeconds.TryParse(first, out _);
        FeedDate.Read(first);
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", first);
        RetryAfter.Read(response, Now);
    }

    public static void Urls(byte[] input)
    {
        foreach (var text in new[] { Input.Text(input), Encoding.UTF8.GetString(input) })
        {
            _ = AsciiUrl.Of(text);
            _ = AsciiUrl.OfHeader(text);
            _ = RelativeReference.Resolve("https://site.example/a/b", LooseReference.Clean(text));
            _ = RelativeReference.Resolve(text, "../c?d#e");
            if (VerbatimUrl.TryCreate(text, out var url, out _))
                _ = AddressGuard.IsPrivateHost(url);
            if (Topic.TryParse(text, out var topic, out _))
                _ = topic.ToString();
            if (Callback.TryParse(text, out var callback, out _))
                _ = new CallbackQuery
                {
                    Mode = "subscribe",
                    Topic = text,
                    Challenge = "c",
                }.AppendTo(callback);
        }
    }
}
