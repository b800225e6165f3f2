using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace WebSub.Documents;

/// <summary>
/// Goes over a document once before an XML reader does, and counts. What feeds often get wrong is mended so that the reader takes it:
/// marks, blanks and junk before the declaration or after the end, version 1.1, a document type declaration without declarations of its
/// own, characters that XML does not have, references that only HTML knows, a bare <c>&amp;</c> or <c>&lt;</c>, prefixes that nothing
/// declares. Well-formed text passes unchanged, but for such a declaration. Everything else is left for the reader to refuse.
/// </summary>
internal sealed partial class XmlMender
{
    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n/>=<\"'");

    /// <summary>Characters that may not stand where they are, or may not in some company.</summary>
    private static readonly SearchValues<char> Suspects = SearchValues.Create([.. SuspectCharacters()]);

    /// <summary>What a prefix that nothing declares has always meant in feeds.</summary>
    private static readonly Dictionary<string, string> UsualNamespaces = new(StringComparer.Ordinal)
    {
        ["a10"] = "http://www.w3.org/2005/Atom",
        ["at"] = "http://purl.org/atompub/tombstones/1.0",
        ["atom"] = "http://www.w3.org/2005/Atom",
        ["atom10"] = "http://www.w3.org/2005/Atom",
        ["content"] = "http://purl.org/rss/1.0/modules/content/",
        ["dc"] = "http://purl.org/dc/elements/1.1/",
        ["dcterms"] = "http://purl.org/dc/terms/",
        ["itunes"] = "http://www.itunes.com/dtds/podcast-1.0.dtd",
        ["media"] = "http://search.yahoo.com/mrss/",
        ["rdf"] = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        ["slash"] = "http://purl.org/rss/1.0/modules/slash/",
        ["sy"] = "http://purl.org/rss/1.0/modules/syndication/",
        ["thr"] = "http://purl.org/syndication/thread/1.0",
        ["wfw"] = "http://wellformedweb.org/CommentAPI/",
        ["xlink"] = "http://www.w3.org/1999/xlink",
        ["yt"] = "http://www.youtube.com/xml/schemas/2015",
    };

    private readonly string _text;
    private readonly DocumentBudget _budget;
    private readonly StringBuilder _mended;
    private readonly Stack<List<string>> _open = new();
    private readonly Dictionary<string, int> _prefixes = new(StringComparer.Ordinal);
    private readonly List<(Range Name, Range Value)> _attributes = [];
    private int _namespaces;
    private int _at;
    private bool _hasRoot;
    private bool _rootIsClosed;
    private bool _isFeed;

    private XmlMender(string text, DocumentBudget budget)
    {
        _text = text;
        _at = DocumentStart.Of(text);
        _budget = budget;
        _mended = new(text.Length + 64);
    }

    /// <summary>The text that an XML reader is to read: as far as the limits allow.</summary>
    /// <param name="text">The document.</param>
    /// <param name="budget">What is paid from.</param>
    /// <param name="fault">The limit that the document is over, or that it declares entities: the end of "The document …".</param>
    public static string Mend(string text, DocumentBudget budget, out string? fault)
    {
        budget.StartDocument();
        var mender = new XmlMender(text, budget);
        fault = null;
        try
        {
            mender.Run();
        }
        catch (DocumentLimitException e)
        {
            fault = e.Message;
            return mender._mended.ToString();
        }

        return mender._hasRoot ? mender._mended.ToString() : text;
    }

    private static IEnumerable<char> SuspectCharacters()
    {
        foreach (var c in "&<]\ufffe\uffff")
            yield return c;
        for (var c = '\0'; c < ' '; c++)
        {
            if (c is not ('\t' or '\n' or '\r'))
                yield return c;
        }

        for (var c = '\ud800'; c <= '\udfff'; c++)
            yield return c;
    }

    private void Run()
    {
        var goesOn = true;
        while (goesOn && _at < _text.Length)
        {
            var markup = _text.IndexOf('<', _at);
            markup = markup < 0 ? _text.Length : markup;
            if (markup > _at)
                Characters(markup);
            if (_at < _text.Length)
                goesOn = Markup();
        }
    }

    private void Characters(int end)
    {
        if (_open.Count > 0)
            Copy(_at, end, inText: true);
        else if (_mended.Length > 0 && string.IsNullOrWhiteSpace(_text[_at..end]))
            _mended.Append(_text, _at, end - _at);
        _at = end;
    }

    /// <summary>Copes with what the next <c>&lt;</c> starts; false if the document ends here.</summary>
    private bool Markup()
    {
        _budget.Spend(1);
        var rest = _text.AsSpan(_at);
        if (rest.StartsWith("<!--"))
            return Comment();
        if (rest.StartsWith("<![CDATA["))
            return CData();
        if (rest.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase))
            return DocumentType();
        if (rest.StartsWith("<?"))
            return Instruction();
        if (rest.StartsWith("</"))
            return EndTag();
        if (rest.Length > 1 && (XmlConvert.IsStartNCNameChar(rest[1]) || rest[1] == '!'))
            return rest[1] == '!' ? LeaveTheRest() : StartTag();
        if (_open.Count > 0)
            _mended.Append("&lt;");
        _at++;
        return true;
    }

    /// <summary>What we do not mend stays as it is, and ends the document in the reader.</summary>
    private bool LeaveTheRest()
    {
        // Below the document it is junk.
        if (!_rootIsClosed)
            _mended.Append(_text, _at, _text.Length - _at);
        return false;
    }

    private bool Comment()
    {
        var end = _text.IndexOf("-->", _at + 4, StringComparison.Ordinal);
        if (end < 0)
            return LeaveTheRest();
        if (!_text.AsSpan(_at + 4, end + 1 - _at - 4).Contains("--", StringComparison.Ordinal) && (_open.Count > 0 || _mended.Length > 0))
            CopyVerbatim(_at, end + 3);
        _at = end + 3;
        return true;
    }

    private bool CData()
    {
        var end = _text.IndexOf("]]>", _at, StringComparison.Ordinal);
        if (end < 0)
            return LeaveTheRest();
        if (_open.Count > 0)
            CopyVerbatim(_at, end + 3);
        _at = end + 3;
        return true;
    }

    /// <summary>Skipped if it declares nothing itself: nothing is ever fetched, and there are no entities to expand.</summary>
    private bool DocumentType()
    {
        char? quote = null;
        for (var i = _at; i < _text.Length; i++)
        {
            var c = _text[i];
            if (quote is not null)
            {
                if (c == quote)
                    quote = null;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '[')
            {
                throw new DocumentLimitException(
                    "has a document type declaration with declarations of its own (<!DOCTYPE … [ … ]>), which is refused because "
                        + "such declarations can be made to exhaust memory"
                );
            }
            else if (c == '>')
            {
                _at = i + 1;
                return true;
            }
        }

        return LeaveTheRest();
    }

    private bool Instruction()
    {
        var end = _text.IndexOf("?>", _at + 2, StringComparison.Ordinal);
        if (end < 0)
            return LeaveTheRest();
        var name = _text.AsSpan(_at + 2, end - _at - 2);
        var nameEnd = name.IndexOfAny(" \t\r\n");
        name = nameEnd < 0 ? name : name[..nameEnd];
        if (name.Equals("xml", StringComparison.OrdinalIgnoreCase))
        {
            if (!_hasRoot)
                Declaration(_text[_at..(end + 2)]);
        }
        else if (_open.Count > 0 || _mended.Length > 0 || !_hasRoot)
        {
            CopyVerbatim(_at, end + 2);
        }

        _at = end + 2;
        return true;
    }

    /// <summary>
    /// Starts over: whatever stood above it is junk. XML 1.0 §2.8: a document of version 1.x is read as 1.0. Of a declaration that no
    /// reader would take, nothing is missed: the text is decoded already.
    /// </summary>
    private void Declaration(string declaration)
    {
        StartOver();
        _mended.Append(
            WellFormedDeclaration().Match(declaration) is not { Success: true } match ? "<?xml version=\"1.0\"?>"
            : match.Groups["minor"].Value == "0" ? declaration
            : declaration.Remove(match.Groups["minor"].Index, match.Groups["minor"].Length).Insert(match.Groups["minor"].Index, "0")
        );
    }

    private void StartOver()
    {
        _mended.Clear();
        _open.Clear();
        _prefixes.Clear();
        _namespaces = 0;
        (_hasRoot, _rootIsClosed, _isFeed) = (false, false, false);
    }

    private bool EndTag()
    {
        var end = _text.IndexOf('>', _at);
        if (end < 0)
            return LeaveTheRest();
        if (_open.TryPop(out var declared))
        {
            Forget(declared);
            _mended.Append(_text, _at, end + 1 - _at);
            _rootIsClosed = _open.Count == 0;
        }

        _at = end + 1;
        return true;
    }

    private bool StartTag()
    {
        var i = _at + 1;
        var name = Name(ref i);
        var isFeed = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..] is "feed" or "rss" or "RDF";
        if (_open.Count == 0 && _hasRoot)
        {
            // A second root is junk below the document, unless the first was junk above it.
            if (_isFeed || !isFeed)
                return false;
            StartOver();
        }

        if (!Attributes(ref i))
        {
            _hasRoot = true;
            return LeaveTheRest();
        }

        var isEmpty = _text[i] == '/';
        (_hasRoot, _isFeed) = (true, _isFeed || isFeed);
        _budget.Spend(_attributes.Count);
        DocumentBudget.CheckDepth(_open.Count + 1);

        var declared = Declare();
        var written = _at;
        foreach (var (attribute, value) in _attributes)
        {
            _mended.Append(_text, written, value.Start.Value - written);
            // A prefix that is declared to mean nothing is not declared.
            if (PrefixDeclaredBy(attribute) is { } prefix && _text.AsSpan()[value].IsWhiteSpace())
                _mended.Append(NamespaceOf(prefix));
            else
                Copy(value.Start.Value, value.End.Value, inText: false);
            written = value.End.Value;
        }

        _mended.Append(_text, written, i - written);
        DeclareMissing(name, declared);
        _mended.Append(isEmpty ? "/>" : ">");
        _at = i + (isEmpty ? 2 : 1);
        _rootIsClosed = isEmpty && _open.Count == 0;
        if (isEmpty)
            Forget(declared);
        else
            _open.Push(declared);
        return true;
    }

    /// <summary>Finds the attributes of a tag and its end; false if it is not like a tag.</summary>
    private bool Attributes(ref int i)
    {
        _attributes.Clear();
        while (true)
        {
            SkipBlanks(ref i);
            if (i >= _text.Length)
                return false;
            if (_text[i] == '>')
                return true;
            if (_text[i] == '/')
                return i + 1 < _text.Length && _text[i + 1] == '>';

            DocumentBudget.CheckAttributes(_attributes.Count + 1);
            var start = i;
            _ = Name(ref i);
            var name = start..i;
            SkipBlanks(ref i);
            if (i == start || i >= _text.Length || _text[i++] != '=')
                return false;
            SkipBlanks(ref i);
            if (i >= _text.Length || _text[i] is not ('"' or '\''))
                return false;
            var end = _text.IndexOf(_text[i], i + 1);
            if (end < 0)
                return false;
            DocumentBudget.CheckAttribute(end - i);
            _attributes.Add((name, (i + 1)..end));
            i = end + 1;
        }
    }

    private string Name(ref int i)
    {
        var length = _text.AsSpan(i).IndexOfAny(NameEnds);
        var start = i;
        i = length < 0 ? _text.Length : i + length;
        DocumentBudget.CheckAttribute(i - start);
        return _text[start..i];
    }

    private void SkipBlanks(ref int i)
    {
        while (i < _text.Length && _text[i] is ' ' or '\t' or '\r' or '\n')
            i++;
    }

    private List<string> Declare()
    {
        var declared = new List<string>();
        foreach (var (name, _) in _attributes)
        {
            if (_text.AsSpan()[name] is "xmlns")
                Declare("", declared);
            else if (PrefixDeclaredBy(name) is { } prefix)
                Declare(prefix, declared);
        }

        return declared;
    }

    private string? PrefixDeclaredBy(Range name) =>
        _text.AsSpan()[name] is ['x', 'm', 'l', 'n', 's', ':', .. var prefix] ? prefix.ToString() : null;

    private void Declare(string prefix, List<string> declared)
    {
        declared.Add(prefix);
        _prefixes[prefix] = _prefixes.GetValueOrDefault(prefix) + 1;
        DocumentBudget.CheckNamespaces(++_namespaces);
    }

    private void Forget(List<string> declared)
    {
        foreach (var prefix in declared)
        {
            _prefixes[prefix]--;
            _namespaces--;
        }
    }

    private void DeclareMissing(string element, List<string> declared)
    {
        DeclareIfMissing(PrefixOf(element), declared);
        foreach (var (name, _) in _attributes)
            DeclareIfMissing(PrefixOf(_text.AsSpan()[name]), declared);
    }

    private void DeclareIfMissing(string prefix, List<string> declared)
    {
        if (prefix is "" or "xml" or "xmlns" || _prefixes.GetValueOrDefault(prefix) > 0 || !IsName(prefix))
            return;
        Declare(prefix, declared);
        _mended.Append(" xmlns:").Append(prefix).Append("=\"").Append(NamespaceOf(prefix)).Append('"');
    }

    private static string NamespaceOf(string prefix) => UsualNamespaces.GetValueOrDefault(prefix) ?? "urn:undeclared-prefix:" + prefix;

    private static string PrefixOf(ReadOnlySpan<char> name) => name.IndexOf(':') is > 0 and var colon ? name[..colon].ToString() : "";

    private static bool IsName(string prefix) => XmlConvert.IsStartNCNameChar(prefix[0]) && prefix.All(XmlConvert.IsNCNameChar);

    /// <summary>Copies what is no markup: comments, sections and instructions, in which nothing but the characters can be wrong.</summary>
    private void CopyVerbatim(int from, int to)
    {
        for (var i = from; i < to; i++)
            Append(_text[i], ref i, to);
    }

    private void Copy(int from, int to, bool inText)
    {
        while (from < to)
        {
            var clean = _text.AsSpan(from, to - from).IndexOfAny(Suspects);
            if (clean < 0)
            {
                _mended.Append(_text, from, to - from);
                return;
            }

            _mended.Append(_text, from, clean);
            from += clean;
            switch (_text[from])
            {
                case '&':
                    from = Reference(from, to);
                    break;
                case '<':
                    _mended.Append("&lt;");
                    from++;
                    break;
                case ']' when inText && _text.AsSpan(from, to - from).StartsWith("]]>"):
                    _mended.Append("]]&gt;");
                    from += 3;
                    break;
                default:
                    Append(_text[from], ref from, to);
                    from++;
                    break;
            }
        }
    }

    /// <summary>Leaves out characters that XML does not have, but for half a surrogate pair, which shows something was there.</summary>
    private void Append(char c, ref int i, int end)
    {
        if (char.IsHighSurrogate(c) && i + 1 < end && char.IsLowSurrogate(_text[i + 1]))
            _mended.Append(c).Append(_text[++i]);
        else if (char.IsSurrogate(c))
            _mended.Append('\ufffd');
        else if (XmlConvert.IsXmlChar(c))
            _mended.Append(c);
    }

    private int Reference(int from, int to)
    {
        var (kind, length, meaning) = EntityReference.Read(_text.AsSpan(from, to - from));
        switch (kind)
        {
            case EntityReferenceKind.OfXml:
                _mended.Append(_text, from, length);
                break;
            case EntityReferenceKind.OfHtml:
                foreach (var c in meaning!)
                    _ = c is '<' or '>' or '&' or '"' or '\''
                        ? _mended.Append(CultureInfo.InvariantCulture, $"&#{(int)c};")
                        : _mended.Append(c);
                break;
            case EntityReferenceKind.OfNoCharacter:
                break;
            default:
                _mended.Append("&amp;");
                length = 1;
                break;
        }

        return from + length;
    }

    [GeneratedRegex(
        """^<\?xml\s+version\s*=\s*(?<v>["'])1\.(?<minor>[0-9]{1,9})\k<v>(\s+encoding\s*=\s*(?<e>["'])[A-Za-z][A-Za-z0-9._-]*\k<e>)?"""
            + """(\s+standalone\s*=\s*(?<s>["'])(yes|no)\k<s>)?\s*\?>$""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex WellFormedDeclaration();
}
