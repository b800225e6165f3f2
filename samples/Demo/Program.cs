using System.Text;
using Demo;
using Demo.Steps;
using WebSub.Hosting;

const string Help = """
    WebSub at work on this machine: a hub, a publisher whose feed keeps
    changing, and a subscriber. Prints each step as it happens, until Ctrl-C.

      --once   end after three updates, a renewal and an unsubscribe; the exit
               code is 0 only if every step was observed, within 60 seconds
      --help   this text
    """;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
if (args.FirstOrDefault(a => a is not ("--once" or "--help" or "-h")) is { } unknown)
{
    await Console.Error.WriteLineAsync($"Unknown option {unknown}; --help lists them.");
    return 2;
}

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Help);
    return 0;
}

using var interruption = new Interruption(TimeProvider.System);
var log = new StepLog(TimeProvider.System, Console.Out);
return await new DemoRun(log, TimeProvider.System) { Once = args.Contains("--once") }.RunAsync(interruption.Token);
