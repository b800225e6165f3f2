using Microsoft.Extensions.Options;

namespace WebSub.Publisher.Configuration;

/// <summary>Reports every invalid setting at once, with its value and what is allowed.</summary>
internal sealed class PublisherOptionsValidator : IValidateOptions<WebSubPublisherOptions>
{
    public ValidateOptionsResult Validate(string? name, WebSubPublisherOptions options)
    {
        List<string> faults = [.. options.Faults, .. PublisherSettings.Table.Check(options)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(string.Join(Environment.NewLine, faults));
    }
}
