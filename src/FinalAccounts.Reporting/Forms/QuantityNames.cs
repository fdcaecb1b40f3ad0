namespace FinalAccounts.Reporting.Forms;

/// <summary>Checks that the quantities of a pack name only quantities that exist and do not go in circles.</summary>
internal static class QuantityNames
{
    public static void Check(FormPack pack)
    {
        foreach (var quantity in pack.Quantities.Values)
        {
            Visit(pack, quantity, []);
        }

        foreach (var table in pack.Tables)
        {
            var named = table.Sections.SelectMany(s =>
                s.Columns.Select(c => c.Quantity).Append(s.Quantity).Concat(s.Rows.Select(r => r.Quantity)));
            foreach (var name in named.Concat(table.Footer.Select(f => f.Quantity)).OfType<string>())
            {
                if (!pack.Quantities.ContainsKey(name))
                {
                    throw new FormPackException(pack.Name, $"tables.yaml, {table.Id}", $"There is no quantity '{name}'.", null);
                }
            }
        }
    }

    private static void Visit(FormPack pack, Quantity quantity, HashSet<string> path)
    {
        if (!path.Add(quantity.Name))
        {
            throw new FormPackException(pack.Name, $"quantities.yaml, {quantity.Name}", "The quantity is a part of itself.", null);
        }

        foreach (var (_, name) in quantity.Parts)
        {
            Visit(
                pack,
                pack.Quantities.GetValueOrDefault(name)
                    ?? throw new FormPackException(pack.Name, $"quantities.yaml, {quantity.Name}", $"There is no quantity '{name}'.", null),
                path);
        }

        path.Remove(quantity.Name);
    }
}
