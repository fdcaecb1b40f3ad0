using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Rules;

namespace FinalAccounts.Ledger.Budget;

/// <summary>A line of a budget document: function × fund × kind × project, the economic code where the document has it.</summary>
/// <param name="Function">功能分类科目, an item (项) of the year's chart.</param>
/// <param name="Fund">资金性质.</param>
/// <param name="Kind">支出类别.</param>
/// <param name="Project">The project's name; null for 基本支出.</param>
/// <param name="Economic">经济分类科目, a class or an item; null where the document does not say.</param>
/// <param name="Amount">Above zero, in fen.</param>
/// <param name="Source">资金来源 where the document splits a project's money by it: a performance form then shows what comes from the
/// treasury and what from elsewhere. It says nothing of the fund that the money is spent from.</param>
public sealed record BudgetLine(
    FunctionCode Function,
    Fund Fund,
    SpendingKind Kind,
    string? Project,
    EconomicCode? Economic,
    Money Amount,
    IncomeSource? Source = null)
{
    internal BudgetKey Key() => new(Function, Fund);
}

/// <summary>The rules that budget documents share.</summary>
internal static class BudgetRules
{
    /// <summary>A document number that is free.</summary>
    public static void Document(this Checklist checks, string number, YearState year)
    {
        checks.Name(number, Place.Of("DocumentNumber"));
        if (year.FindDocument(number) is not null)
        {
            checks.Refuse(LedgerRules.DocumentTwice, Place.Of("DocumentNumber"), number);
        }
    }

    public static void Budget(this Checklist checks, IReadOnlyList<BudgetLine> lines, string list)
    {
        if (!checks.LineCount(lines.Count, list))
        {
            return;
        }

        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var place = Place.In(list, i);
            checks.Item(line.Function, place.At(nameof(line.Function)));
            checks.BookedFund(line.Fund, place.At(nameof(line.Fund)));
            checks.KindAndProject(line.Kind, line.Project, place);
            if (line.Economic is { } economic)
            {
                checks.Economic(economic, place.At(nameof(line.Economic)), itemOnly: false);
            }

            checks.AmountAboveZero(line.Amount, place.At(nameof(line.Amount)));
        }
    }

    /// <summary>Budget is taken only as far as it is there.</summary>
    public static void TakenBudget(this Checklist checks, IReadOnlyList<BudgetLine> lines, string list, YearState year) =>
        checks.WithinAvailable(LedgerRules.TakenBeyondAvailable, Severity.Refusal, [.. lines.Select((l, i) => (i, l.Key(), l.Amount))], list, year);

    /// <summary>
    /// What the lines take of each item and fund is available. Found at the first line with which it is not, once per item and
    /// fund. The amounts are above zero.
    /// </summary>
    public static void WithinAvailable(
        this Checklist checks, Rule rule, Severity severity, IReadOnlyList<(int Line, BudgetKey Key, Money Amount)> lines, string list, YearState year)
    {
        var wanted = lines.GroupBy(l => l.Key).ToDictionary(g => g.Key, g => g.Sum(l => l.Amount));
        var taken = new Dictionary<BudgetKey, Money>();
        foreach (var (line, key, amount) in lines)
        {
            var before = taken.GetValueOrDefault(key);
            taken[key] = before + amount;
            var available = year.Position(key.Item, key.Fund).AvailableOf(key.Fund);

            // The first line may break the rule from nothing; a later one only from within the rule.
            if (taken[key] > available && (before.IsZero || before <= available))
            {
                checks.Add(
                    rule, severity, Place.In(list, line),
                    key.Item.ToString(), checks.NameOf(key.Item), key.Fund.Term(), available.ToYuan(), wanted[key].ToYuan());
            }
        }
    }
}
