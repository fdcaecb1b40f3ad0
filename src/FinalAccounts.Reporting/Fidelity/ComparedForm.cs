namespace FinalAccounts.Reporting.Fidelity;

/// <summary>
/// A form of a performance part as it is compared: what is filled in, by what it is filled in for. Both the transcription and
/// our document are brought to this.
/// </summary>
/// <param name="Key">The part's name in disclosure.json: <c>baseData</c>, <c>projectReport</c>, <c>selfEvaluations</c>.</param>
/// <param name="Name">The number of the attachment, else the project, else the title: the places of its differences begin with it.</param>
/// <param name="Subject">The evaluated project; empty for the spending as a whole and for other forms.</param>
/// <param name="Fields">Fields by their places in the form.</param>
/// <param name="Indicators">Of a self-evaluation, in order.</param>
internal sealed record ComparedForm(
    string Key, string Name, string Subject, IReadOnlyList<ComparedField> Fields, IReadOnlyList<ComparedIndicator> Indicators);

/// <summary>A field of a form.</summary>
/// <param name="Place">Unique in the form.</param>
/// <param name="Text">Null or empty when nothing is filled in.</param>
internal readonly record struct ComparedField(string Place, string? Text)
{
    public bool IsFilledIn => !string.IsNullOrEmpty(Text);
}

/// <summary>A row of indicators.</summary>
/// <param name="Level3">三级指标.</param>
/// <param name="Target">年度指标值; with the name it tells rows apart.</param>
/// <param name="Fields">All columns.</param>
internal sealed record ComparedIndicator(string Level3, string? Target, IReadOnlyList<ComparedField> Fields);
