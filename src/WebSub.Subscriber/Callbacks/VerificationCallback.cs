using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Callbacks;

/// <summary>Answers a hub's GET (§5.2, §5.3).</summary>
/// <remarks>
/// <para>1. Read the query and the key's subscription; decide.</para>
/// <para>2. Ask the app's own verifiers, if the decision is to confirm.</para>
/// <para>3. Decide again on the row as it is now and save what follows.</para>
/// <para>4. Only then answer: a 200 promises a subscription that survives a crash. The app hears of it after that.</para>
/// </remarks>
internal sealed class VerificationCallback(
    SubscriptionStore store,
    SubscriptionService subscriptions,
    SubscriptionTransitions transitions,
    CallbackUrls callbacks,
    TimeProvider time,
    ILogger<VerificationCallback> logger
)
{
    private const int MaxShown = 40;

    public async Task AnswerAsync(HttpContext context, string handler, string key)
    {
        // The lease counts from here (S19).
        var now = time.GetUtcNow();

        // 1.
        if (
            !HubFields.TryParseCallback(
                Encoding.UTF8.GetBytes(context.Request.QueryString.Value?.TrimStart('?') ?? ""),
                out var query,
                out var error
            )
        )
        {
            await CallbackAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        var subscription = await store.FindByKeyAsync(key, handler, context.RequestAborted);
        var intent = IntentVerification.Decide(query, key, subscription);
        // Whoever knows of the callback may ask, in whatever words.
        Log.Asked(
            logger,
            subscription?.Id,
            intent.Kind,
            PlainText.Of(intent.Mode, MaxShown),
            PlainText.Of(intent.Topic),
            PlainText.Of(intent.Sentence)
        );

        // 2.
        if (intent.Kind == IntentKind.Wanted && await AskVerifiersAsync(context, intent, subscription!) is { } refusal)
        {
            var reason = refusal.Reason ?? "The app refused.";
            Log.Refused(logger, subscription!.Id, HubOf(subscription), $"The verification was refused by this app, answered 404: {reason}");
            await subscriptions.ChangeAsync(subscription.Id, s => transitions.Refused(s, reason, now), context.RequestAborted);
            foreach (var (name, value) in refusal.Headers)
                context.Response.Headers.Append(name, value);
            await CallbackAnswer.WriteAsync(context, StatusCodes.Status404NotFound, refusal.Body ?? reason);
            return;
        }

        // 3.
        if (subscription is not null)
        {
            var change = await subscriptions.SaveAsync(
                subscription.Id,
                current =>
                {
                    intent = IntentVerification.Decide(query, key, current);
                    return Apply(current, intent, key, now);
                },
                context.RequestAborted
            );
            // A listener may use the subscription at once, so the hub gets its response first.
            if (change is not null)
                context.Response.OnCompleted(() => TellAsync(change));
        }

        if (intent.Refusal is { } why && subscription is not null)
            Log.Refused(logger, subscription.Id, HubOf(subscription), why);

        // 4.
        var (status, text) = intent.Kind switch
        {
            IntentKind.Wanted or IntentKind.Repeated => (StatusCodes.Status200OK, intent.Challenge),
            IntentKind.Denied or IntentKind.HubError => (StatusCodes.Status200OK, ""),
            IntentKind.Malformed => (StatusCodes.Status400BadRequest, intent.Sentence),
            _ => (StatusCodes.Status404NotFound, intent.Sentence),
        };
        await CallbackAnswer.WriteAsync(context, status, text);
    }

    private static string? HubOf(Subscription s) => s.Pending?.Hub ?? s.Active?.Hub;

    private Task TellAsync(SubscriptionChange change)
    {
        subscriptions.Tell(change);
        return Task.CompletedTask;
    }

    private SubscriptionChange? Apply(Subscription s, Intent intent, string key, DateTimeOffset now) =>
        intent.Kind switch
        {
            IntentKind.Wanted => transitions.Confirmed(s, intent.Mode, key, intent.Topic, intent.LeaseSeconds, now),
            IntentKind.Denied => transitions.Denied(s, key, intent.Reason, now),
            IntentKind.HubError => transitions.HubErrored(s, intent.Reason, now),
            IntentKind.Malformed when intent.CountsAsAttempt => transitions.Malformed(s, intent.Sentence, now),
            IntentKind.Unwanted when intent.Refusal is { } refusal => transitions.AskedOtherwise(s, refusal, intent.CountsAsAttempt, now),
            _ => null,
        };

    private async Task<WebSubVerdict?> AskVerifiersAsync(HttpContext context, Intent intent, Subscription subscription)
    {
        var verification = new WebSubVerification
        {
            Mode = intent.Mode,
            Topic = intent.Topic,
            LeaseSeconds = intent.LeaseSeconds,
            Subscription = callbacks.View(subscription),
        };
        foreach (var verifier in context.RequestServices.GetServices<IWebSubVerifier>())
        {
            try
            {
                var verdict = await verifier.VerifyAsync(verification, context.RequestAborted);
                if (!verdict.IsConfirmed)
                    return verdict;
            }
#pragma warning disable CA1031 // A verifier that cannot confirm refuses.
            catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.VerifierFailed(logger, verifier.GetType().Name, subscription.Id, e);
                return WebSubVerdict.Refuse(e.Message, body: "The app refused.");
            }
        }

        return null;
    }
}
