var builder = WebApplication.CreateBuilder(args);
builder.Services.AddWebSubHub().AddDashboard();
var app = builder.Build();

// Subscribers and publishers come to /hub, operators to /dashboard and, with programs, to /api/v1.
app.MapWebSubHub("/hub");
app.MapWebSubHubDashboard("/dashboard");
app.MapWebSubAdministration();
app.MapGet("/", () => Results.Redirect("/dashboard"));

app.Run();
