using FinalAccounts.Regions;
using Microsoft.AspNetCore.Components;

namespace FinalAccounts.Server.Pages;

/// <summary>A page or a part of one, with its request and its texts.</summary>
public abstract class WordsComponent : ComponentBase
{
    private Words? words;

    [CascadingParameter]
    public HttpContext Context { get; set; } = null!;

    /// <summary>The texts in the reader's language.</summary>
    protected Words Words => words ??= Language.WordsOf(Context);

    /// <summary>A text, filled with its arguments.</summary>
    protected string T(string name, params IReadOnlyList<object?> arguments) => Words[name, arguments];

    protected CancellationToken Aborted => Context.RequestAborted;

    /// <inheritdoc/>
    public sealed override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);

        // The framework would render a first time before what is read is there.
        await PrepareAsync();
        await base.SetParametersAsync(ParameterView.Empty);
    }

    /// <summary>Reads what is shown; nothing is rendered before.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;
}
