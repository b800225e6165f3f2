using System.CommandLine;
using WebSub.Signatures;

namespace WebSub.Cli.Commands;

/// <summary><c>websub sign FILE</c>: the <c>X-Hub-Signature</c> of a file's bytes (C1–C3).</summary>
internal static class SignCommand
{
    public static Command Create()
    {
        var file = BodyFile.Argument();
        var secret = SharedOptions.Secret();
        var method = new Option<SignatureMethod?>("--method")
        {
            Description = "sha1, sha256 (the default), sha384 or sha512",
            HelpName = "NAME",
            CustomParser = result =>
            {
                var name = result.Tokens[^1].Value;
                if (HubSignature.TryParseMethod(name, out var parsed))
                    return parsed;
                result.AddError($"--method \"{name}\" must be sha1, sha256, sha384 or sha512.");
                return null;
            },
        };
        var command = new Command("sign", "Compute the X-Hub-Signature of a file") { file, secret, method };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var body = await BodyFile.ReadAsync(parsed.GetRequiredValue(file), cancellationToken);
                var chosen = parsed.GetValue(method) ?? SignatureMethod.Sha256;
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
