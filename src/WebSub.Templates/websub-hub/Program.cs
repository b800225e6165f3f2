var builder = WebApplication.CreateBuilder(args);

// A push or ping that got its 2xx is stored, and is delivered to every subscriber, also after a crash.
builder.Services.AddWebSubHub().AddDashboard();
builder.Services.AddHealthChecks().AddWebSubHub();

var app = builder.Build();
app.MapWebSubHub("/hub");
app.MapWebSubAdministration();
app.MapWebSubHubDashboard("/dashboard");
app.MapHealthChecks("/health");
app.MapGet("/", () => Results.Redirect("/dashboard"));
app.Run();
