using Microsoft.Extensions.Configuration;
using WebSub.Hub.Configuration;
using Xunit;

namespace WebSub.Hub.Tests.Predicates;

public sealed class PredicateSettingsTests
{
    [Fact]
    public void Settings_AreReadWhateverTheirCase()
    {
        var options = Read(("VerifyIntent", "never"), ("Duplicate", "CONFLICT"), ("MessageDays", "7"));

        Assert.Empty(Faults(options));
        Assert.Equal(
            (PredicateVerification.Never, DuplicateSubscription.Conflict, 7),
            (options.Predicates.VerifyIntent, options.Predicates.Duplicate, options.Predicates.MessageDays)
        );
    }

    [Fact]
    public void Settings_ThatAreWrong_AreAllNamed()
    {
        var options = Read(("VerifyIntent", "sometimes"), ("Duplicate", "1"), ("MessageDays", "0"), ("MessageDay", "5"));

        Assert.Equal(
            [
                "WebSub:Predicates:VerifyIntent is \"sometimes\"; expected one of Auto, Always, Never.",
                "WebSub:Predicates:Duplicate is \"1\"; expected one of Renew, Conflict.",
                "WebSub:Predicates:MessageDays is \"0\"; expected a whole number of days from 1 to 36500.",
                "WebSub:Predicates:MessageDay is not a setting; did you mean WebSub:Predicates:MessageDays?",
            ],
            Faults(options)
        );
    }

    [Fact]
    public void Settings_SetByCode_AreCheckedToo()
    {
        var options = new HubOptions();
        options.Predicates.MessageDays = -1;

        Assert.Equal(["WebSub:Predicates:MessageDays is \"-1\"; expected a whole number of days from 1 to 36500."], Faults(options));
    }

    private static HubOptions Read(params (string Name, string Value)[] settings)
    {
        var options = new HubOptions();
        new HubOptionsSetup(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>($"WebSub:Predicates:{s.Name}", s.Value)))
                .Build()
        ).Configure(options);
        return options;
    }

    private static IEnumerable<string> Faults(HubOptions options) => new HubOptionsValidator().Validate(null, options).Failures ?? [];
}
