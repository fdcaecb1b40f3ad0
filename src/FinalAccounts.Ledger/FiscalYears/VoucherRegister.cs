using FinalAccounts.Ledger.Execution;
using NodaTime;

namespace FinalAccounts.Ledger.FiscalYears;

/// <summary>What kind of voucher a number stands for.</summary>
public enum VoucherKind : byte
{
    Income,
    Expenditure,
    Reversal,
}

/// <summary>What is booked under a voucher number.</summary>
/// <param name="Outstanding">
/// What can still be reversed of an expenditure, by its lines without their amounts; lines that agree in all else count
/// together. Empty when nothing can be reversed of it at all.
/// </param>
public sealed record Voucher(VoucherKind Kind, LocalDate Date, IReadOnlyDictionary<PostingLine, Money> Outstanding);

/// <summary>
/// Income, expenditure and reversals of a year by voucher number, as far as decisions need them: some sixty bytes for a voucher of one
/// line. Immutable to its users: registers that follow on each other share one store, of which each sees as much as there was when
/// it was made; the next voucher costs the same however many there are. When two registers go on from the same one, the second copies it.
/// </summary>
public sealed class VoucherRegister
{
    public static readonly VoucherRegister Empty = new(new(), 0);

    private readonly Store store;

    private VoucherRegister(Store store, int count)
    {
        this.store = store;
        Count = count;
    }

    /// <summary>Vouchers that were booked.</summary>
    public int Count { get; }

    /// <summary>All vouchers, in the order of their booking; what was reversed of each included.</summary>
    public IEnumerable<Voucher> All
    {
        get
        {
            for (var i = 0; i < Count; i++)
            {
                yield return Read(i);
            }
        }
    }

    /// <summary>True when something is booked under the number.</summary>
    public bool Contains(string number)
    {
        lock (store)
        {
            return store.Numbers.Find(number, Count) >= 0;
        }
    }

    /// <summary>What is booked under a number; null when it is free.</summary>
    public Voucher? Find(string number)
    {
        int found;
        lock (store)
        {
            found = store.Numbers.Find(number, Count);
        }

        return found >= 0 ? Read(found) : null;
    }

    /// <summary>True when the number is booked with the same content, date included.</summary>
    public bool Holds(IncomeReceived e)
    {
        lock (store)
        {
            return store.Find(e.Voucher, VoucherKind.Income, e.Date, TextHash.Of(e.Summary), Count) is { } lines
                && store.Incomes.AreAt(lines, e.Lines);
        }
    }

    /// <inheritdoc cref="Holds(IncomeReceived)"/>
    public bool Holds(ExpenditurePosted e)
    {
        lock (store)
        {
            return store.Find(e.Voucher, VoucherKind.Expenditure, e.Date, TextHash.Of(e.Summary), Count) is { } lines
                && store.Postings.AreAt(lines, e.Lines);
        }
    }

    /// <inheritdoc cref="Holds(IncomeReceived)"/>
    public bool Holds(ExpenditureReversed e)
    {
        lock (store)
        {
            return store.Find(e.Voucher, VoucherKind.Reversal, e.Date, HashOf(e), Count) is { } lines && store.Postings.AreAt(lines, e.Lines);
        }
    }

    internal VoucherRegister With(IncomeReceived e) => Append(own =>
        own.Add(e.Voucher, new(VoucherKind.Income, e.Date, own.Incomes.Add(e.Lines), Store.None, TextHash.Of(e.Summary))));

    internal VoucherRegister With(ExpenditurePosted e) => Append(own =>
        own.Add(e.Voucher, new(VoucherKind.Expenditure, e.Date, own.Postings.Add(e.Lines), Store.None, TextHash.Of(e.Summary))));

    /// <exception cref="KeyNotFoundException">It reverses an expenditure that is not in the books.</exception>
    internal VoucherRegister With(ExpenditureReversed e) => Append(own =>
    {
        var reversed = own.Numbers.Find(e.Reversed);
        if (reversed < 0 || own.Entries[reversed].Kind != VoucherKind.Expenditure)
        {
            throw new KeyNotFoundException($"Voucher '{e.Voucher}' reverses '{e.Reversed}', which is no expenditure in the books.");
        }

        own.Add(e.Voucher, new(VoucherKind.Reversal, e.Date, own.Postings.Add(e.Lines), own.Entries[reversed].Reversal, HashOf(e)));
        own.Entries[reversed].Reversal = own.Entries.Count - 1;
    });

    private static ulong HashOf(ExpenditureReversed e) => TextHash.Combine(TextHash.Of(e.Reversed), TextHash.Of(e.Summary));

    private Voucher Read(int number)
    {
        lock (store)
        {
            return store.Read(number, Count);
        }
    }

    private VoucherRegister Append(Action<Store> add)
    {
        // Whoever is not the last of those who share the store goes on with a store of its own; so does the first, as all share the empty one.
        lock (store)
        {
            if (Count > 0 && store.Entries.Count == Count)
            {
                add(store);
                return new(store, Count + 1);
            }
        }

        Store own;
        lock (store)
        {
            own = store.Prefix(Count);
        }

        add(own);
        return new(own, Count + 1);
    }

    /// <summary>A voucher without its number, in 24 bytes. What is said of it in words is only compared, so a hash of that will do.</summary>
    private struct Entry(VoucherKind kind, LocalDate date, LineRange lines, int reversal, ulong words)
    {
        private const int KindShift = 28;

        public readonly ulong Words = words;
        public readonly LocalDate Date = date;
        private readonly int first = lines.First;
        private readonly uint kindAndCount = ((uint)kind << KindShift) | (uint)lines.Count;

        /// <summary>Of an expenditure its last reversal; of a reversal the one before it of the same expenditure. Or <see cref="Store.None"/>.</summary>
        public int Reversal = reversal;

        public readonly VoucherKind Kind => (VoucherKind)(kindAndCount >> KindShift);

        public readonly LineRange Lines => new(first, (int)(kindAndCount & ((1 << KindShift) - 1)));
    }

    /// <summary>The lines of a voucher: places in a list of all lines.</summary>
    private readonly record struct LineRange(int First, int Count);

    private sealed class Store
    {
        public const int None = -1;

        public TextIndex Numbers { get; private init; } = new();

        public ChunkedList<Entry> Entries { get; private init; } = new();

        public Lines<IncomeLine> Incomes { get; private init; } = new(SameIncome.Instance, line => line.Amount, line => line with { Amount = Money.Zero });

        public Lines<PostingLine> Postings { get; private init; } = new(SamePosting.Instance, line => line.Amount, line => line.WithoutAmount());

        public void Add(string number, Entry entry)
        {
            Numbers.Add(number);
            Entries.Add(entry);
        }

        /// <summary>The lines under a number when all else agrees.</summary>
        public LineRange? Find(string number, VoucherKind kind, LocalDate date, ulong words, int below) =>
            Numbers.Find(number, below) is >= 0 and var found && Entries[found] is var entry && entry.Kind == kind && entry.Date == date && entry.Words == words
                ? entry.Lines
                : null;

        public Voucher Read(int number, int below)
        {
            var entry = Entries[number];
            var left = new Dictionary<PostingLine, Money>();
            if (entry.Kind == VoucherKind.Expenditure)
            {
                foreach (var (line, amount) in Postings.At(entry.Lines))
                {
                    left[line] = left.GetValueOrDefault(line) + amount;
                }

                for (var reversal = entry.Reversal; reversal != None; reversal = Entries[reversal].Reversal)
                {
                    foreach (var (line, amount) in reversal < below ? Postings.At(Entries[reversal].Lines) : [])
                    {
                        left[line] = left.GetValueOrDefault(line) - amount;
                    }
                }
            }

            return new(entry.Kind, entry.Date, left);
        }

        /// <summary>A store of its own of the first vouchers.</summary>
        public Store Prefix(int count)
        {
            var copy = new Store
            {
                Numbers = Numbers.Prefix(count),
                Entries = Entries.Prefix(count),
                Incomes = Incomes.Copy(),
                Postings = Postings.Copy(),
            };
            for (var i = 0; i < count; i++)
            {
                for (ref var entry = ref copy.Entries[i]; entry.Reversal >= count;)
                {
                    entry.Reversal = Entries[entry.Reversal].Reversal;
                }
            }

            return copy;
        }
    }

    /// <summary>The lines of all vouchers of a kind. What a line says besides its amount occurs again and again, and is kept once.</summary>
    private sealed class Lines<T>(IEqualityComparer<T> sameButAmount, Func<T, Money> amountOf, Func<T, T> withoutAmount) where T : notnull
    {
        private readonly Dictionary<T, int> kinds = new(sameButAmount);
        private readonly List<T> byKind = [];
        private ChunkedList<int> kindOf = new();
        private ChunkedList<long> fen = new();

        public LineRange Add(IReadOnlyList<T> lines)
        {
            var first = fen.Count;
            for (var i = 0; i < lines.Count; i++)
            {
                if (!kinds.TryGetValue(lines[i], out var kind))
                {
                    kind = byKind.Count;
                    byKind.Add(withoutAmount(lines[i]));
                    kinds.Add(byKind[kind], kind);
                }

                kindOf.Add(kind);
                fen.Add(amountOf(lines[i]).Fen);
            }

            return new(first, lines.Count);
        }

        /// <summary>The lines without their amounts, and the amounts.</summary>
        public IEnumerable<(T Line, Money Amount)> At(LineRange range)
        {
            for (var i = range.First; i < range.First + range.Count; i++)
            {
                yield return (byKind[kindOf[i]], new(fen[i]));
            }
        }

        public bool AreAt(LineRange range, IReadOnlyList<T> lines)
        {
            if (range.Count != lines.Count)
            {
                return false;
            }

            for (var i = 0; i < lines.Count; i++)
            {
                if (fen[range.First + i] != amountOf(lines[i]).Fen || !sameButAmount.Equals(byKind[kindOf[range.First + i]], lines[i]))
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>A copy; what is beyond the part that its user sees does no harm.</summary>
        public Lines<T> Copy()
        {
            var copy = new Lines<T>(sameButAmount, amountOf, withoutAmount) { kindOf = kindOf.Prefix(kindOf.Count), fen = fen.Prefix(fen.Count) };
            foreach (var line in byKind)
            {
                copy.kinds.Add(line, copy.byKind.Count);
                copy.byKind.Add(line);
            }

            return copy;
        }
    }

    private sealed class SameIncome : IEqualityComparer<IncomeLine>
    {
        public static readonly SameIncome Instance = new();

        public bool Equals(IncomeLine? x, IncomeLine? y) => x!.Function == y!.Function && x.Source == y.Source && x.Fund == y.Fund && x.Counterparty == y.Counterparty;

        public int GetHashCode(IncomeLine line) => HashCode.Combine(line.Function, (int)line.Source, (int)line.Fund, line.Counterparty);
    }

    private sealed class SamePosting : IEqualityComparer<PostingLine>
    {
        public static readonly SamePosting Instance = new();

        public bool Equals(PostingLine? x, PostingLine? y) =>
            x!.Function == y!.Function && x.Economic == y.Economic && x.Fund == y.Fund && x.Kind == y.Kind && x.Project == y.Project && x.Source == y.Source
            && x.Counterparty == y.Counterparty;

        public int GetHashCode(PostingLine line) =>
            HashCode.Combine(line.Function, line.Economic, (int)line.Fund, (int)line.Kind, line.Project, (int)line.Source, line.Counterparty);
    }
}
