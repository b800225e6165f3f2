using WebSub.Storage;

namespace WebSub.Cli.Listening;

/// <summary>What takes updates besides the terminal: <c>--save</c>, <c>--exec</c>, <c>--forward</c>.</summary>
internal sealed class UpdateTargets : IDisposable
{
    private readonly ForwardTarget? _forward;

    private UpdateTargets(ListenSettings settings, TimeProvider time)
    {
        var all = new List<UpdateTarget>();
        if (settings.Save is { } folder)
            all.Add(new SaveTarget(folder).SaveAsync);
        if (settings.Exec is { } command)
            all.Add(new ExecTarget(command, settings.Json, time).RunAsync);
        if (settings.Forward is { } url)
        {
            _forward = new(url, settings.AllowPrivate, time);
            all.Add(_forward.SendAsync);
        }

        All = all;
    }

    public IReadOnlyList<UpdateTarget> All { get; }

    /// <summary>Makes the folder of <c>--save</c>; null after saying why that is not possible.</summary>
    public static UpdateTargets? Create(ListenSettings settings, TimeProvider time)
    {
        try
        {
            if (settings.Save is { } folder)
                PrivateFiles.CreateFolder(folder);
            return new(settings, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report.Complain($"--save {settings.Save} cannot be made: {e.Message}");
            return null;
        }
    }

    public void Dispose() => _forward?.Dispose();
}
