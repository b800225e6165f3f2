using Google.Protobuf;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A message of Protocol Buffers, read without its schema: those of its fields that are texts, bytes or messages.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Number, ByteString Value)> _fields = [];

    public ProtoMessage(ByteString bytes)
    {
        using var input = bytes.CreateCodedInput();
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                _fields.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes()));
            else
                input.SkipLastField();
        }
    }

    /// <summary>The messages that a path of field numbers leads to.</summary>
    public IEnumerable<ProtoMessage> At(params int[] path) =>
        path.Length == 0 ? [this] : _fields.Where(f => f.Number == path[0]).SelectMany(f => new ProtoMessage(f.Value).At(path[1..]));

    /// <summary>The text of a field; empty if there is none.</summary>
    public string Text(int number) => Bytes(number).ToStringUtf8();

    /// <summary>The bytes of a field, as lower-case hex; empty if there are none.</summary>
    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number).Span);

    private ByteString Bytes(int number) => _fields.Find(f => f.Number == number).Value ?? ByteString.Empty;
}
