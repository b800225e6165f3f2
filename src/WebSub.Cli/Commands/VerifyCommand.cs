using System.CommandLine;
using WebSub.Cli.Help;
using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.Cli.Commands;

/// <summary><c>websub verify FILE</c>: whether an <c>X-Hub-Signature</c> is that of a file's bytes (C4, C5, C8).</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var file = BodyFile.Argument();
        var secret = SharedOptions.Secret();
        var signature = new Option<string>("--signature")
        {
            Description = $"The header's value, method=hex; a whole \"{HubHeaders.Signature}: …\" line works too",
            HelpName = "VALUE",
            Required = true,
        };
        var command = new ToolCommand("verify", "Check an X-Hub-Signature over a file")
        {
            file,
            signature,
            secret,
            new Example(
                "Whether a saved delivery was signed with the secret",
                "websub verify body.json --secret s3cret --signature sha256=0a1b…"
            ),
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var body = await BodyFile.ReadAsync(parsed.GetRequiredValue(file), cancellationToken);
                var verdict = HubSignature.Verify(
                    HeaderValue(parsed.GetRequiredValue(signature)),
                    parsed.GetRequiredValue(secret)!.Bytes,
                    body
                );

                var valid = verdict == SignatureVerdict.Valid;
                new Report(parsed.GetValue(SharedOptions.Json)).Write(
                    valid ? [Sentence(verdict)] : [],
                    new
                    {
                        valid,
                        verdict,
                        bytes = body.Length,
                    }
                );
                if (!valid)
                    Report.Complain(Sentence(verdict));
                return valid ? ExitCode.Done : ExitCode.Failed;
            }
        );
        return command;
    }

    private static string HeaderValue(string text)
    {
        var name = HubHeaders.Signature + ":";
        return (text.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? text[name.Length..] : text).Trim();
    }

    private static string Sentence(SignatureVerdict verdict) =>
        verdict switch
        {
            SignatureVerdict.Valid => "The signature is valid.",
            SignatureVerdict.Missing => "The signature is empty, so it proves nothing.",
            SignatureVerdict.Malformed => "The signature is malformed: it must be method=hex, with as many hex digits as the method has.",
            SignatureVerdict.UnknownMethod => "The signature's method must be sha1, sha256, sha384 or sha512, in lower case.",
            _ => "The signature does not match: the bytes or the secret differ.",
        };
}
