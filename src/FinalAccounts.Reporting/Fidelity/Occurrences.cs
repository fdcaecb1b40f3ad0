namespace FinalAccounts.Reporting.Fidelity;

/// <summary>Makes names unique: the second of a name gets <c>#2</c>.</summary>
internal sealed class Occurrences
{
    private readonly Dictionary<string, int> seen = [];

    public string Name(string name)
    {
        var n = seen[name] = seen.GetValueOrDefault(name) + 1;
        return n == 1 ? name : $"{name}#{n}";
    }
}
