namespace FinalAccounts.ServerTests;

/// <summary>A browser with somebody signed in.</summary>
internal static class SignedInBrowser
{
    /// <summary>Fails unless that succeeds.</summary>
    public static Task<HttpClient> SignInAsync(this TestServer server, TestUser user) => server.NewClient().SignInAsync(user.Name, user.Password);
}
