using WebSub.LoadTests;
using WebSub.LoadTests.Receiving;

return args is ["receiver", var origins] ? await ReceiverProgram.RunAsync(int.Parse(origins)) : await Driver.RunAsync(args);
