using System.Globalization;
using System.Text.RegularExpressions;
using FinalAccounts.Reporting.Fidelity;

namespace FinalAccounts.Regions;

/// <summary>What lies beside a department's lists when its published document is known: the transcription and the differences from it.</summary>
public sealed partial record PublishedSample(PublishedDocument Published, IReadOnlyList<DeclaredDifference> Declared)
{
    private const string TranscriptionFile = "published.json";
    private const string DifferencesFile = "differences.yaml";

    /// <returns>Null when the folder has no transcription.</returns>
    /// <exception cref="TranscriptionException">A file is wrong; the message names it and the place.</exception>
    public static PublishedSample? Read(string folder)
    {
        var transcription = Path.Combine(folder, TranscriptionFile);
        if (!File.Exists(transcription))
        {
            return null;
        }

        var differences = Path.Combine(folder, DifferencesFile);
        return new(
            In(transcription, () => Transcription.Read(File.ReadAllBytes(transcription))),
            File.Exists(differences) ? In(differences, () => DeclaredDifference.Read(File.ReadAllText(differences))) : []);
    }

    /// <summary>
    /// The folder of the same department's lists of the year before: beside it, with the same name but for the year
    /// (<c>yiyang-2023</c> beside <c>yiyang-2024</c>).
    /// </summary>
    /// <returns>Null when there is none.</returns>
    public static string? PriorFolder(string folder)
    {
        var path = Path.GetFullPath(Path.TrimEndingDirectorySeparator(folder));
        if (NameWithYear().Match(Path.GetFileName(path)) is not { Success: true } name)
        {
            return null;
        }

        var year = int.Parse(name.Groups["year"].ValueSpan, CultureInfo.InvariantCulture) - 1;
        var prior = Path.Combine(Path.GetDirectoryName(path)!, string.Create(CultureInfo.InvariantCulture, $"{name.Groups["name"].Value}-{year}"));
        return Directory.Exists(prior) ? prior : null;
    }

    private static T In<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TranscriptionException e)
        {
            throw new TranscriptionException(file, e.Message, e);
        }
    }

    [GeneratedRegex("^(?<name>.+)-(?<year>[0-9]{4})$")]
    private static partial Regex NameWithYear();
}
