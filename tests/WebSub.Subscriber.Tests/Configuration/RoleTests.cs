using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace WebSub.Subscriber.Tests.Configuration;

/// <summary>What the roles need of their settings.</summary>
public sealed class RoleTests
{
    private const string PostgreSql = "Host=db;Database=app";

    [Theory]
    [InlineData("Callbacks")]
    [InlineData("Workers")]
    public void Role_OnSqlite_IsRefusedWithTheWayOut(string role)
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Read(role, "Data Source=app.db", "https://app.example"));

        Assert.Contains(
            $"WebSub:Subscriber:Role is {role}, but a SQLite file belongs to one process",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("ConnectionStrings:WebSubSubscriber", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Callbacks", "https://app.example")]
    [InlineData("Workers", null)]
    [InlineData("All", "https://app.example")]
    public void Role_OnPostgreSql_IsRead(string role, string? publicUrl) => Assert.Equal(role, $"{Read(role, PostgreSql, publicUrl).Role}");

    [Theory]
    [InlineData("Callbacks")]
    [InlineData("All")]
    public void Role_ThatAnswersHubs_NeedsAPublicUrl(string role)
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Read(role, PostgreSql, publicUrl: null));

        Assert.Contains("WebSub:Subscriber:PublicUrl is missing", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Role_Unknown_IsRefusedWithTheValueAndTheChoices()
    {
        var fault = Assert.Throws<OptionsValidationException>(() => Read("Worker", PostgreSql, "https://app.example"));

        Assert.Contains("\"Worker\"", fault.Message, StringComparison.Ordinal);
        Assert.Contains("All, Callbacks, Workers", fault.Message, StringComparison.Ordinal);
    }

    private static WebSubSubscriberOptions Read(string role, string database, string? publicUrl)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["WebSub:Subscriber:Role"] = role;
        builder.Configuration["ConnectionStrings:WebSubSubscriber"] = database;
        builder.Configuration["WebSub:Subscriber:PublicUrl"] = publicUrl;
        builder.Services.AddWebSubSubscriber().AddHandler("news", (_, _) => Task.CompletedTask);
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<WebSubSubscriberOptions>>().Value;
    }
}
