using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.WebUtilities;
using WebSub.Hub.Subscribing;

namespace WebSub.Hub.Predicates;

/// <summary>
/// One error of the predicate API, in the form of the intergov APIs: <c>status</c> is the reason phrase, <c>code</c> is for programs,
/// <c>detail</c> for people, and <c>source</c> names what was wrong. Codes, titles and details match theirs exactly, misspellings included,
/// since clients may look for them.
/// </summary>
/// <param name="StatusCode">The HTTP status, unless there are several errors: then 400.</param>
/// <param name="Code">What went wrong.</param>
/// <param name="Title">The same in words.</param>
/// <param name="Detail">A sentence.</param>
/// <param name="Source">What was given, or what is missing: a list or an object.</param>
internal sealed record PredicateError(int StatusCode, string Code, string Title, string Detail, object Source)
{
    private const string GenericCode = "generic-http-error";
    private const int MaxShown = 200;
    private const int MaxFaults = 50;
    private static readonly object[] Nothing = [];

    /// <summary>The reason phrase.</summary>
    public string Status => ReasonPhrases.GetReasonPhrase(StatusCode);

    public static PredicateError MissingAttributes(IReadOnlyList<string> names) =>
        Invalid("missing-attributes-error", "Missing Attributes Error", $"Missing required attributes: {List(names)}.", names);

    public static PredicateError Callback(string fault) =>
        Invalid("callback-url-validation-error", "Callback URL Validation Error", "\"hub.callback\" attribute is invalid", new[] { fault });

    public static PredicateError Topic(string fault) =>
        Invalid("topic-validation-error", "Topic Validation Error", "\"hub.topic\" attribute is invalid", new[] { fault });

    /// <param name="value">The number, or the text that is not a number.</param>
    /// <param name="min">The shortest lease.</param>
    /// <param name="max">The longest lease.</param>
    public static PredicateError LeaseSeconds(object value, long min, long max) =>
        Invalid(
            "lease-seconds-validation-error",
            "Lease Seconds Validation Error",
            $"\"hub.lease_seconds\" attribute is invalid. Must be integer in range {min}-{max}",
            new[]
            {
                new
                {
                    value,
                    min,
                    max,
                },
            }
        );

    public static PredicateError UnknownMode(string value, IReadOnlyList<string> expected) =>
        Invalid(
            "unknown-mode-error",
            "Unknown Mode Error",
            $"Uknown \"hub.mode\" attribute value: \"{value}\". Accepted:{List(expected)}.",
            new[]
            {
                new
                {
                    key = "hub.mode",
                    value,
                    expected,
                },
            }
        );

    public static PredicateError Secret(string fault) =>
        Invalid("secret-validation-error", "Secret Validation Error", "\"hub.secret\" attribute is invalid", new[] { fault });

    public static PredicateError Repeated(string name) =>
        Invalid("repeated-attribute-error", "Repeated Attribute Error", $"\"{name}\" attribute is given more than once", new[] { name });

    public static PredicateError UnsupportedMediaType(string value, string include) =>
        Generic(
            StatusCodes.Status415UnsupportedMediaType,
            $"Unsupported mimetype. Value: \"{Shown(value)}\". Value must be one of {List([include])}.",
            new
            {
                value = Shown(value),
                include = new[] { include },
                exclude = Array.Empty<string>(),
            }
        );

    public static PredicateError SubscriptionExists() =>
        Generic(StatusCodes.Status409Conflict, "Subscription with given parameters exists");

    public static PredicateError TooManySubscriptions(long max) =>
        Generic(StatusCodes.Status403Forbidden, SubscriptionPolicy.TooManyOf(max));

    public static PredicateError SubscriptionNotFound() =>
        Generic(StatusCodes.Status404NotFound, "Subscription with given parameters not found");

    public static PredicateError EmptyMessage() =>
        Invalid("message-data-empty-error", "Message Data Empty Error", "A single non-empty JSON must be passed", Nothing);

    public static PredicateError UnreadableMessage(string fault) =>
        Invalid(
            "message-deserialization-error",
            "Message Deserialization Error",
            "Unable to deserialize the posted message",
            new[] { fault }
        );

    public static PredicateError InvalidMessage(IReadOnlyList<string> faults) =>
        Invalid("message-validation-error", "Message Validation Error", "Unable to validate the posted message", Shown(faults));

    public static PredicateError UnexpectedStatus(string? value, IReadOnlyList<string> expected) =>
        Invalid(
            "unexpected-message-status-error",
            "Unexpected Message Status Error",
            $"Unexpected message status value: {Shown(value) ?? "None"}",
            new[] { new { value = Shown(value), expected } }
        );

    public static PredicateError FinalStatus(string status) =>
        new(StatusCodes.Status409Conflict, GenericCode, "Conflict Error", $"Message status is final:{status}", Nothing);

    public static PredicateError MessageNotFound(string reference) =>
        new(
            StatusCodes.Status404NotFound,
            GenericCode,
            "Message Not Found Error",
            "No message with that reference can be found for this auth",
            new[] { new { reference = Shown(reference) } }
        );

    public static PredicateError StorageRefused() => Internal("Unable to post data to repository");

    public static PredicateError Unexpected() => Internal("Unexpected server error occured.");

    /// <summary>An error named by its HTTP status.</summary>
    public static PredicateError Generic(int statusCode, string detail, object? source = null) =>
        new(statusCode, GenericCode, ReasonPhrases.GetReasonPhrase(statusCode), detail, source ?? Nothing);

    private static PredicateError Internal(string detail) =>
        new(StatusCodes.Status500InternalServerError, "internal-server-error", "Internal Server Error", detail, Nothing);

    private static PredicateError Invalid(string code, string title, string detail, object source) =>
        new(StatusCodes.Status400BadRequest, code, title, detail, source);

    // What a request said comes back only in part: no answer is much longer than what it answers.
    [return: NotNullIfNotNull(nameof(value))]
    private static string? Shown(string? value) => value?.Length > MaxShown ? value[..MaxShown] + "…" : value;

    private static IReadOnlyList<string> Shown(IReadOnlyList<string> faults) =>
        faults.Count <= MaxFaults
            ? [.. faults.Select(f => Shown(f))]
            : [.. faults.Take(MaxFaults).Select(f => Shown(f)), $"and {faults.Count - MaxFaults} more"];

    private static string List(IEnumerable<string> names) => "[" + string.Join(", ", names.Select(n => $"'{n}'")) + "]";
}
