using WebSub.LoadTests;
using WebSub.LoadTests.Faults;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Receiving;
using WebSub.LoadTests.Soaking;

return args switch
{
    ["receiver", var origins] => await ReceiverProgram.RunAsync(int.Parse(origins)),
    ["receiver", var hosts, var authority] => await ReceiverProgram.RunAsync(int.Parse(hosts), authority),
    ["bare-intake", var file] => await BareIntakeProgram.RunAsync(file),
    ["subscriber-app", var database] => await SubscriberProgram.RunAsync(database),
    ["empty-app"] => await EmptyApp.RunAsync(),
    ["nothing"] => 0,
    ["soak", .. var rest] => await SoakProgram.RunAsync(rest),
    ["faults", .. var rest] => await FaultsProgram.RunAsync(rest),
    _ => await Driver.RunAsync(args),
};
