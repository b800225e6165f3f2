using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using WebSub.Hub;

namespace WebSub.Server;

/// <summary>Bearer tokens of the identity provider of the settings, read by the framework's own authentication.</summary>
internal static class BearerTokens
{
    private const string Scheme = "WebSub";

    public static void Add(WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["WebSub:Administration:Jwt:Authority"]))
            return;
        // The hub asks the scheme itself, for what is a token: as the only scheme it would be asked for every request.
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", isEnabled: true);
        builder.Services.Configure<HubOptions>(o => o.Jwt.Scheme = Scheme);
        builder.Services.AddAuthentication().AddJwtBearer(Scheme, _ => { });
        builder
            .Services.AddOptions<JwtBearerOptions>(Scheme)
            .Configure<IOptions<HubOptions>>(
                (bearer, hub) =>
                {
                    var jwt = hub.Value.Jwt;
                    bearer.Authority = jwt.Authority!.OriginalString;
                    bearer.Audience = jwt.Audience;
                    // Claims keep the names that the provider gives them.
                    bearer.MapInboundClaims = false;
                    // Only on this machine, as the settings' check sees to.
                    bearer.RequireHttpsMetadata = jwt.Authority.Scheme == Uri.UriSchemeHttps;
                }
            );
    }
}
