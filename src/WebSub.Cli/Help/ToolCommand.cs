using System.CommandLine;

namespace WebSub.Cli.Help;

/// <summary>A command whose help shows examples.</summary>
internal sealed class ToolCommand(string name, string description) : Command(name, description)
{
    private readonly List<Example> _examples = [];

    /// <summary>What its help shows below everything else.</summary>
    public IReadOnlyList<Example> Examples => _examples;

    /// <summary>What else people type for it, in other tools or by mistake; suggested, never accepted.</summary>
    public IReadOnlyList<string> OtherWords { get; set; } = [];

    /// <summary>What follows the options in its usage line.</summary>
    public string? Rest { get; set; }

    /// <summary>A paragraph between the options and the examples.</summary>
    public string? Remarks { get; set; }

    /// <summary>Names that it takes as options beside its own; offered by Tab once one of them is begun.</summary>
    public IReadOnlyList<string> Settings { get; set; } = [];

    /// <summary>Adds an example; the name lets collection initializers take it.</summary>
    public void Add(Example example) => _examples.Add(example);
}
