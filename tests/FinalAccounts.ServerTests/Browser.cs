using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace FinalAccounts.ServerTests;

/// <summary>Pages and forms over real requests, as a browser without scripts sends them.</summary>
internal static class Browser
{
    public static async Task<IHtmlDocument> OpenAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        response.EnsureSuccessStatusCode();
        return await ReadAsync(response);
    }

    public static async Task<IHtmlDocument> ReadAsync(this HttpResponseMessage response) =>
        await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync());

    /// <summary>Opens the page, fills the form with all its hidden fields, and sends it.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(
        this HttpClient client, string path, string formName, params (string Field, string Value)[] values) =>
        await client.SendFormAsync(path, await client.OpenAsync(path), formName, values);

    public static async Task<HttpResponseMessage> SendFormAsync(
        this HttpClient client, string path, IHtmlDocument page, string formName, params (string Field, string Value)[] values)
    {
        var form = page.Forms.Single(f => f.QuerySelector($"input[name=_handler][value='{formName}']") is not null);
        var fields = form.QuerySelectorAll("input[type=hidden]").Cast<IHtmlInputElement>().Select(i => KeyValuePair.Create(i.Name!, i.Value)).ToList();
        fields.AddRange(values.Select(v => KeyValuePair.Create(v.Field, v.Value)));
        return await client.PostAsync(path, new FormUrlEncodedContent(fields));
    }

    /// <summary>Signs in; fails unless that succeeds.</summary>
    /// <returns>The client itself, which must keep cookies.</returns>
    public static async Task<HttpClient> SignInAsync(this HttpClient client, string name, string password)
    {
        using var response = await client.TrySignInAsync(name, password);
        if (response.StatusCode != HttpStatusCode.SeeOther)
        {
            throw new InvalidOperationException($"{name} can't sign in: {response.StatusCode}");
        }

        return client;
    }

    public static Task<HttpResponseMessage> TrySignInAsync(this HttpClient client, string name, string password, string path = "/sign-in") =>
        client.SubmitAsync(path, "sign-in", ("Form.Name", name), ("Form.Password", password));
}
