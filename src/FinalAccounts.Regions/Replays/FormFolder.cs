using FinalAccounts.Reporting.Forms;

namespace FinalAccounts.Regions.Replays;

/// <summary>Form packs in a folder, <c>&lt;pack&gt;/&lt;file&gt;.yaml</c>: their files stand in for those of the program.</summary>
public static class FormFolder
{
    /// <summary>Longest file that is read.</summary>
    public const long FileBytes = 4 << 20;

    /// <summary>Most files that are read.</summary>
    public const int FilesLimit = 1_000;

    /// <summary>Reads all of the folder's packs at once, so that what is changed there later changes nothing.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="RegionException">There are too many files, or one is too long.</exception>
    public static FormPacks Read(string folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(folder).EnumerateDirectories().SelectMany(pack => pack.EnumerateFiles("*.yaml")))
        {
            if (file.Length > FileBytes || files.Count == FilesLimit)
            {
                throw new RegionException(RegionProblem.FormsTooLarge, file.FullName, FilesLimit, FileBytes);
            }

            files.Add($"{file.Directory!.Name}/{file.Name}", File.ReadAllText(file.FullName));
        }

        return new((pack, file) => files.GetValueOrDefault($"{pack}/{file}"));
    }
}
