namespace FinalAccounts.Reporting.Forms;

/// <summary>The files of a form pack, put together with those of the packs that it extends.</summary>
internal sealed class PackFiles
{
    private const string PackYamlFile = "pack.yaml";

    private PackFiles(string name) => Name = name;

    public string Name { get; }

    /// <summary>Where a rule that concerns the pack as a whole points to.</summary>
    public PackPlace Place => new($"{Name}/{PackYamlFile}", 0);

    public required PackFile Pack { get; init; }

    public required Dictionary<string, QuantityFile> Quantities { get; init; }

    public required Dictionary<string, PackText> Partials { get; init; }

    public required List<TableFile> Tables { get; init; }

    /// <summary>By the key of the part.</summary>
    public required Dictionary<string, List<BlockFile>> Texts { get; init; }

    /// <summary>How scores are computed.</summary>
    public required ScoringFile Scoring { get; init; }

    /// <summary>Self-evaluation forms by their files.</summary>
    public required Dictionary<string, EvaluationFile> Evaluations { get; init; }

    /// <summary>By the key of the part.</summary>
    public required Dictionary<string, FormFile> Forms { get; init; }

    public required List<GlossaryFile> Glossary { get; init; }

    /// <summary>Every template that stands anywhere in the pack.</summary>
    public IEnumerable<PackText> Templates =>
    [
        .. Pack.Title is { } title ? [title] : Array.Empty<PackText>(),
        .. (Pack.Parts ?? []).SelectMany(p => new[] { p.Title, p.Note }).OfType<PackText>(),
        .. Partials.Values,
        .. Tables.SelectMany(t => t.Notes ?? []),
        .. Evaluations.Values.SelectMany(e => e.Templates),

        .. Forms.Values.SelectMany(f => f.Templates),
        .. Texts.Values.SelectMany(blocks => blocks).SelectMany(b => new[] { b.Heading, b.Text }).OfType<PackText>(),
    ];

    /// <exception cref="FormPackException">A file is missing or not readable, or packs extend each other in a circle.</exception>
    public static PackFiles Read(string name, PackSource source)
    {
        var chain = Chain(name, source);
        var pack = chain[0].File;
        var title = chain[0].Name;
        foreach (var (_, parent) in chain.Skip(1))
        {
            Inherit(pack, parent);
        }

        return new(title)
        {
            Pack = pack,
            Quantities = Merged<Dictionary<string, QuantityFile>>("quantities.yaml", (child, parent) => child.From(parent)) ?? [],
            Partials = Merged<Dictionary<string, PackText>>("partials.yaml", (child, parent) => child.From(parent)) ?? [],
            Tables = Merged<List<TableFile>>("tables.yaml", (child, parent) => child.From(parent, t => t.Id ?? "")) ?? [],
            Glossary = Merged<List<GlossaryFile>>("glossary.yaml", (child, parent) => child.From(parent, g => g.Term ?? "")) ?? [],
            Scoring = Merged<ScoringFile>("scoring.yaml", (child, parent) => child.From(parent)) ?? new(),
            Evaluations = (pack.Parts ?? []).Where(p => p is { Kind: PartKind.Evaluations, Evaluation: not null }).DistinctBy(p => p.Evaluation).ToDictionary(
                p => p.Evaluation!,
                p => Merged<EvaluationFile>(p.Evaluation!, (child, parent) => child.From(parent))
                    ?? throw new FormPackException(new FormPackProblem(PackRule.FileMissing, p.Place, p.Evaluation!))),

            Forms = (pack.Parts ?? []).Where(p => p is { Kind: PartKind.Form, Key: not null, Form: not null }).DistinctBy(p => p.Key).ToDictionary(
                p => p.Key!,
                p => Merged<FormFile>(p.Form!, (child, parent) => child.From(parent))
                    ?? throw new FormPackException(new FormPackProblem(PackRule.FileMissing, p.Place, p.Form!))),
            Texts = (pack.Parts ?? []).Where(p => p is { Kind: PartKind.Text, Key: not null, Blocks: not null }).DistinctBy(p => p.Key).ToDictionary(
                p => p.Key!,
                p => Merged<List<BlockFile>>(p.Blocks!, (child, parent) => child.From(parent, b => b.Id ?? ""))
                    ?? throw new FormPackException(new FormPackProblem(PackRule.FileMissing, p.Place, p.Blocks!))),
        };

        // From the pack that is extended first to the one that is asked for.
        T? Merged<T>(string file, Func<T, T, T> merge) where T : class
        {
            T? merged = null;
            foreach (var (member, _) in chain.AsEnumerable().Reverse())
            {
                if (source(member, file) is { } text)
                {
                    var read = PackYaml.Read<T>($"{member}/{file}", text);
                    merged = merged is null ? read : merge(read, merged);
                }
            }

            return merged;
        }
    }

    /// <summary>The pack and those that it extends, nearest first.</summary>
    private static List<(string Name, PackFile File)> Chain(string name, PackSource source)
    {
        List<(string Name, PackFile File)> chain = [];
        PackPlace asked = new(name, 0);
        for (var next = name; next is not null;)
        {
            if (chain.Any(c => c.Name == next))
            {
                throw new FormPackException(new FormPackProblem(PackRule.ExtendsCycle, asked, string.Join(" → ", chain.Select(c => c.Name).Append(next))));
            }

            var text = source(next, PackYamlFile) ?? throw new FormPackException(new FormPackProblem(PackRule.PackMissing, asked, next));
            var pack = PackYaml.Read<PackFile>($"{next}/{PackYamlFile}", text);
            chain.Add((next, pack));
            asked = new(pack.Place.File, LineOf(text, "extends:"));
            next = pack.Extends;
        }

        return chain;
    }

    private static void Inherit(PackFile pack, PackFile parent)
    {
        pack.Formats = (pack.Formats ?? []).From(parent.Formats ?? []);
        foreach (var (name, format) in parent.Formats ?? [])
        {
            pack.Formats[name].From(format);
        }

        pack.Statistics = (pack.Statistics ?? []).From(parent.Statistics ?? []);
        pack.Names = (pack.Names ?? []).From(parent.Names ?? []);
        pack.Comparisons = (pack.Comparisons ?? []).From(parent.Comparisons ?? []);
        pack.Directions ??= parent.Directions;
        pack.DraftParts ??= parent.DraftParts;
        pack.Title ??= parent.Title;
        pack.PercentBase ??= parent.PercentBase;
        pack.Unit ??= parent.Unit;
        pack.Standards ??= parent.Standards;
        pack.Parts ??= parent.Parts;
    }

    private static int LineOf(string text, string start) =>
        1 + Array.FindIndex(text.Split('\n'), line => line.StartsWith(start, StringComparison.Ordinal));
}
