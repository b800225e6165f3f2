using SharpFuzz;
using WebSub.Fuzz.Targets;

// What eng/fuzz.sh lets AFL run: one target, named by the argument.
var target = FuzzTarget.Named(args[0]);
Fuzzer.OutOfProcess.Run(stream =>
{
    using var input = new MemoryStream();
    stream.CopyTo(input);
    target.Run(input.ToArray());
});
