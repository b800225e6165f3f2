using System.Threading.Channels;

namespace WebSub.LoadTests.Receiving;

/// <summary>A file that bytes are appended to; what arrives together shares one flush. The least that durable intake does.</summary>
internal sealed class GroupedFile : IAsyncDisposable
{
    private readonly Channel<(byte[] Bytes, TaskCompletionSource Done)> _queue = Channel.CreateUnbounded<(byte[], TaskCompletionSource)>(
        new() { SingleReader = true }
    );

    private readonly FileStream _file;
    private readonly Task _writing;

    public GroupedFile(string path)
    {
        _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Returns once the bytes are on the disk.</summary>
    public Task AppendAsync(byte[] bytes)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Writer.TryWrite((bytes, done));
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        await _file.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        var (group, length) = (new List<(byte[] Bytes, TaskCompletionSource Done)>(), 0L);
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (_queue.Reader.TryRead(out var queued))
                group.Add(queued);
            RandomAccess.Write(_file.SafeFileHandle, group.ConvertAll(g => (ReadOnlyMemory<byte>)g.Bytes), length);
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
            length += group.Sum(g => (long)g.Bytes.Length);
            foreach (var (_, done) in group)
                done.TrySetResult();
        }
    }
}
