using KilledHub;
using WebSub.Server;

// The hub as it is, watched from outside by its activities: at one of them it is killed, or stands still until a test kills it.
using var killer = Killer.Watch(new ConfigurationBuilder().AddCommandLine(args).Build().GetRequiredSection("Kill").Get<KillPoint>()!);
return await HubServer.RunAsync(args);
