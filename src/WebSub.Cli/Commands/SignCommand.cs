using System.CommandLine;
using WebSub.Cli.Help;
using WebSub.Signatures;

namespace WebSub.Cli.Commands;

/// <summary><c>websub sign FILE</c>: the <c>X-Hub-Signature</c> of a file's bytes (C1–C3).</summary>
internal static class SignCommand
{
    public static Command Create()
    {
        var file = BodyFile.Argument();
        var secret = SharedOptions.Secret();
        var method = SharedOptions.Choice(
            "--method",
            "The hash. Default: sha256",
            SignatureMethod.Sha256,
            ("sha1", SignatureMethod.Sha1),
            ("sha256", SignatureMethod.Sha256),
            ("sha384", SignatureMethod.Sha384),
            ("sha512", SignatureMethod.Sha512)
        );
        var command = new ToolCommand("sign", "Compute the X-Hub-Signature of a file")
        {
            file,
            secret,
            method,
            new Example("What a hub would send along with these bytes", "websub sign body.json --secret s3cret"),
            new Example(
                "The same for what comes through a pipe, with an older method",
                "printf hello | websub sign - --secret s3cret --method sha1"
            ),
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var body = await BodyFile.ReadAsync(parsed.GetRequiredValue(file), cancellationToken);
                var chosen = parsed.GetValue(method);
                var signature = HubSignature.Compute(chosen, parsed.GetRequiredValue(secret)!.Bytes, body);

                new Report(parsed.GetValue(SharedOptions.Json)).Write(
                    [signature],
                    new
                    {
                        signature,
                        method = chosen,
                        bytes = body.Length,
                    }
                );
                return ExitCode.Done;
            }
        );
        return command;
    }
}
