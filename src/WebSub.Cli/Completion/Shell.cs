namespace WebSub.Cli.Completion;

/// <summary>A shell that completes words: its name, its script, and how to install that.</summary>
/// <param name="Name">What <c>websub completion</c> calls it.</param>
/// <param name="Install">What to type, once.</param>
internal sealed record Shell(string Name, string Install)
{
    public static IReadOnlyList<Shell> All { get; } =
    [
        new("bash", "echo 'source <(websub completion bash)' >> ~/.bashrc"),
        new("zsh", "echo 'source <(websub completion zsh)' >> ~/.zshrc"),
        new("fish", "websub completion fish > ~/.config/fish/completions/websub.fish"),
        new("pwsh", "'websub completion pwsh | Out-String | Invoke-Expression' >> $PROFILE"),
    ];

    /// <summary>The shell of that name; PowerShell has two, of which the older one calls itself powershell.</summary>
    public static Shell? Find(string name) => All.FirstOrDefault(s => s.Name == (name is "powershell" ? "pwsh" : name));

    /// <summary>The script, which asks this tool what fits.</summary>
    public string Script
    {
        get
        {
            using var reader = new StreamReader(typeof(Shell).Assembly.GetManifestResourceStream($"completion.{Name}")!);
            return reader.ReadToEnd();
        }
    }
}
