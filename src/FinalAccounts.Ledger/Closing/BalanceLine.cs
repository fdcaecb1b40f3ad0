using FinalAccounts.Ledger.Rules;

namespace FinalAccounts.Ledger.Closing;

/// <summary>A balance by fund, and by function, kind and project where it is known.</summary>
/// <param name="Function">功能分类科目, an item (项) of the year's chart.</param>
/// <param name="Fund">资金性质.</param>
/// <param name="Kind">支出类别.</param>
/// <param name="Project">The project's name, where it is known.</param>
/// <param name="Amount">Not zero, in fen.</param>
public sealed record BalanceLine(FunctionCode? Function, Fund Fund, SpendingKind? Kind, string? Project, Money Amount);

/// <summary>The rules that balances share.</summary>
internal static class BalanceRules
{
    public static void Balances(this Checklist checks, IReadOnlyList<BalanceLine> lines, string list)
    {
        if (!checks.LineCount(lines.Count, list, required: false))
        {
            return;
        }

        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var place = Place.In(list, i);
            if (line.Function is { } item)
            {
                checks.Item(item, place.At(nameof(line.Function)));
            }

            checks.BookedFund(line.Fund, place.At(nameof(line.Fund)));
            checks.OptionalName(line.Project, place.At(nameof(line.Project)));
            if (line is { Kind: SpendingKind.Basic, Project: { } project })
            {
                checks.Refuse(LedgerRules.BasicWithProject, place.At(nameof(line.Project)), project);
            }

            checks.AmountNotZero(line.Amount, place.At(nameof(line.Amount)));
        }
    }
}
