using WebSub.LoadTests;
using WebSub.LoadTests.Faults;
using WebSub.LoadTests.Receiving;
using WebSub.LoadTests.Soaking;

return args switch
{
    ["receiver", var origins] => await ReceiverProgram.RunAsync(int.Parse(origins)),
    ["bare-intake", var file] => await BareIntakeProgram.RunAsync(file),
    ["soak", .. var rest] => await SoakProgram.RunAsync(rest),
    ["faults", .. var rest] => await FaultsProgram.RunAsync(rest),
    _ => await Driver.RunAsync(args),
};
