using FinalAccounts.Reporting;

namespace FinalAccounts.Documents;

internal static class FigureUnits
{
    extension(Figure figure)
    {
        /// <summary>True if the exact value is in fen: all units of money (元, 万元, 亿元) end alike.</summary>
        public bool IsMoney => figure.Unit.EndsWith('元');
    }
}
