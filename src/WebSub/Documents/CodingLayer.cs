namespace WebSub.Documents;

/// <summary>A content coding that we undo.</summary>
internal enum CodingLayer
{
    Gzip,

    /// <summary>With the zlib wrapper or without.</summary>
    Deflate,

    Brotli,
}
