using System.Text;

namespace WebSub.Fuzz;

/// <summary>Makes inputs of those of the corpus: the same ones for the same seed.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, int seed)
{
    private const int MaxLength = 16 * 1024;

    /// <summary>What parsers trip over: delimiters, limits, and characters that are none.</summary>
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\0",
            "\r\n",
            "\"",
            "'",
            "<",
            ">",
            "</",
            "/>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?xml ",
            "<!DOCTYPE x [",
            "&",
            "&#0;",
            "&#xD800;",
            "&#x110000;",
            "&nbsp;",
            "%",
            "%00",
            "%ff",
            "%2",
            "%u0041",
            "+",
            "=",
            ";",
            ",",
            ":",
            "//",
            "..",
            "/./",
            "?",
            "#",
            "*",
            "[",
            "]",
            "{",
            "}",
            "\\ud800",
            "\\u0000",
            "-1",
            "0",
            "9223372036854775808",
            "99999999999999999999999",
            "1e999",
            "ffffffffffffffff",
            "utf-7",
            "utf-16",
            "utf-32be",
            "iso-2022-jp",
            "gzip",
            "br",
            "deflate, gzip",
            "xmlns:a=\"\"",
            "xml:base=\"",
            "rel=\"hub self\"",
            "hub.topic=",
            "hub.mode=",
            "\u0301",
            "\u202e",
            "\ufeff",
            "\uffff",
            "\ud83d\ude00",
            "İ",
        }.Select(t => Encoding.UTF8.GetBytes(t)),
        [0xed, 0xa0, 0x80],
        [0xff, 0xfe],
        [0xc0, 0x80],
        [0xf4, 0x90, 0x80, 0x80],
        [0x1b, 0x24, 0x42],
        [0x85],
    ];

#pragma warning disable CA5394 // It is to be the same every time.
    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var input = Any(corpus).ToList();
        for (var changes = 1 + _random.Next(6); changes > 0; changes--)
            Change(input);
        return [.. input.Take(MaxLength)];
    }

    private void Change(List<byte> input)
    {
        var at = _random.Next(input.Count + 1);
        var length = Math.Min(_random.Next(1, 1 << _random.Next(1, 8)), input.Count - at);
        switch (_random.Next(9))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)_random.Next(256);
                break;
            case 2:
                input.RemoveRange(at, length);
                break;
            case 3 when length > 0:
                input.InsertRange(_random.Next(input.Count + 1), input.GetRange(at, length));
                break;
            case 4 when length > 0:
                var times = _random.Next(2, 200);
                var part = input.GetRange(at, length);
                for (var i = 0; i < times && input.Count < MaxLength; i++)
                    input.InsertRange(at, part);
                break;
            case 5:
                var other = Any(corpus);
                input.InsertRange(at, other.Skip(_random.Next(other.Length + 1)).Take(_random.Next(1, 200)));
                break;
            case 6 when _random.Next(4) == 0:
                input.RemoveRange(at, input.Count - at);
                break;
            default:
                input.InsertRange(at, Any(Tokens));
                break;
        }
    }

    private byte[] Any(IReadOnlyList<byte[]> of) => of[_random.Next(of.Count)];
#pragma warning restore CA5394
}
