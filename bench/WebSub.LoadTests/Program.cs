using WebSub.LoadTests;
using WebSub.LoadTests.Faults;
using WebSub.LoadTests.Receiving;

return args switch
{
    ["receiver", var origins] => await ReceiverProgram.RunAsync(int.Parse(origins)),
    ["bare-intake", var file] => await BareIntakeProgram.RunAsync(file),
    ["faults", .. var rest] => await FaultsProgram.RunAsync(rest),
    _ => await Driver.RunAsync(args),
};
