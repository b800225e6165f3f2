using MySubscriber;

// Beside the running app,  dotnet run -- websub list  and the other management commands work.
return await SubscriberApp.Create(args).RunWithWebSubCommandsAsync(args);
