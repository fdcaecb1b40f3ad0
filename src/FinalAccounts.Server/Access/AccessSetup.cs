using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;

namespace FinalAccounts.Server.Access;

/// <summary>Puts the access control into the server.</summary>
public static class AccessSetup
{
    private const string EitherScheme = "Either";

    /// <summary>The address of a proxy in front, whose word on the sender's address and on https is taken (environment: <c>Proxy</c>).</summary>
    private const string ProxySetting = "Proxy";

    /// <param name="keyDirectory">Where the keys of cookies and forms are kept; only the server's user may read it.</param>
    public static void AddAccess(this WebApplicationBuilder builder, string keyDirectory)
    {
        var services = builder.Services;
        var limits = builder.Configuration.GetSection("Limits").Get<RequestLimits>() ?? new();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.BodyBytes;
            kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        });
        services.Configure<FormOptions>(form => form.ValueCountLimit = limits.FormFields);
        services.AddRateLimiter(limits.Apply);
        services.AddAntiforgery(options =>
        {
            options.HeaderName = AntiforgeryCheck.Header;
            options.Cookie.Name = "finalaccounts-form";
            Harden(options.Cookie);
        });

        services.AddSingleton<Accounts>();
        services.AddSingleton<Tokens>();
        services.AddSingleton<AccessAudit>();
        services.AddSingleton<PasswordRounds>();
        services.AddScoped<Users>();
        services.AddScoped<SignIn>();
        AddPasswords(services);
        AddSchemes(services);

        services.AddSingleton(new KeyDirectory(keyDirectory));
        services.AddDataProtection().SetApplicationName("FinalAccounts").PersistKeysToFileSystem(new(keyDirectory));

        // It warns that the keys lie unencrypted; their directory is the server's own.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        AddProxy(builder);
    }

    /// <summary>What comes before routing: headers, https.</summary>
    public static void UseSecureHeaders(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.Use(SecureHeaders.SetAsync);
        app.UseHsts();

        // The last resort: what no one has caught says nothing of what went on inside.
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => Refusal.WriteAsync(context, context.Response.StatusCode, "Failed"),
            StatusCodeSelector = e => (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError,
        });
    }

    /// <summary>What comes after routing and before every route: who it is, how often, what they may.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<AccessMiddleware>();
        app.UseMiddleware<AntiforgeryCheck>();
        app.UseAntiforgery();
    }

    private static void AddPasswords(IServiceCollection services)
    {
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = AccessLimits.HashRounds);

        // The hasher has no state, and the rounds that hold it live as long as the server.
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddScoped<UserStore>();
        services.AddScoped<IUserStore<User>>(s => s.GetRequiredService<UserStore>());
        services.AddIdentityCore<User>(options =>
        {
            // The rule for names is ours (Users.IsName), as is the one for passwords beyond their length (Password.Check).
            options.User.AllowedUserNameCharacters = "";
            options.Password = new()
            {
                RequiredLength = AccessLimits.LeastPasswordCharacters,
                RequireDigit = false,
                RequireLowercase = false,
                RequireNonAlphanumeric = false,
                RequireUppercase = false,
                RequiredUniqueChars = 1,
            };
            options.Lockout.MaxFailedAccessAttempts = AccessLimits.WrongPasswords;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(AccessLimits.LockoutMinutes);
        });
    }

    private static void AddSchemes(IServiceCollection services) => services
        .AddAuthentication(EitherScheme)
        .AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = context =>
            TokenAuthentication.TokenOf(context.Request) is null ? CookieAuthenticationDefaults.AuthenticationScheme : TokenAuthentication.SchemeName)
        .AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null)
        .AddCookie(options =>
        {
            options.Cookie.Name = "finalaccounts";
            Harden(options.Cookie);
            options.ExpireTimeSpan = TimeSpan.FromHours(AccessLimits.SessionHours);
            options.SlidingExpiration = true;
            options.Events.OnValidatePrincipal = SessionValidation.ValidateAsync;
        });

    /// <summary>Scripts can't read it, other sites' requests don't carry it, and over https it goes over nothing else.</summary>
    private static void Harden(CookieBuilder cookie)
    {
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.IsEssential = true;
    }

    private static void AddProxy(WebApplicationBuilder builder) => builder.Services.Configure<ForwardedHeadersOptions>(options =>
    {
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        options.ForwardedHeaders = ForwardedHeaders.None;
        if (builder.Configuration[ProxySetting] is { Length: > 0 } proxy)
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.KnownProxies.Add(IPAddress.Parse(proxy));
        }
    });
}
