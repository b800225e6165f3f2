return await WebSub.Server.HubServer.RunAsync(args);
