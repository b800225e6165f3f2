using NewsApp;

SubscriberApp.Create(args).Run();
