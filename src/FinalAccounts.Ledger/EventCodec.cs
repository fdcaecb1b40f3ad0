using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using FinalAccounts.Ledger.Budget;
using FinalAccounts.Ledger.Closing;
using FinalAccounts.Ledger.Consolidation;
using FinalAccounts.Ledger.Departments;
using FinalAccounts.Ledger.Disclosure;
using FinalAccounts.Ledger.Execution;
using FinalAccounts.Ledger.FiscalYears;
using FinalAccounts.Ledger.Performance;
using FinalAccounts.Ledger.Statistics;

namespace FinalAccounts.Ledger;

/// <summary>An event as it is stored.</summary>
/// <param name="Type">The alias of the event's type; never changes once stored.</param>
/// <param name="SchemaVersion">The version of the body's shape, from 1.</param>
/// <param name="Body">JSON in UTF-8; the same event always gives the same bytes.</param>
public sealed record EncodedEvent(string Type, int SchemaVersion, byte[] Body);

/// <summary>An event type's entry in the catalogue.</summary>
public sealed record EventType(string Alias, int SchemaVersion, Type ClrType);

/// <summary>
/// Turns events into stored bytes and back. A stored event is for ever: aliases and fields keep their meaning, a new shape
/// gets a new version, and reading an old version goes through an upcaster in <see cref="Decode"/>.
/// </summary>
public static class EventCodec
{
    /// <summary>All event types, in the order of a year's course.</summary>
    public static readonly IReadOnlyList<EventType> Types =
    [
        new("department-registered", 1, typeof(DepartmentRegistered)),
        new("profile-revised", 1, typeof(ProfileRevised)),
        new("fiscal-year-opened", 1, typeof(FiscalYearOpened)),
        new("budget-appropriated", 1, typeof(BudgetAppropriated)),
        new("budget-supplemented", 1, typeof(BudgetSupplemented)),
        new("budget-withdrawn", 1, typeof(BudgetWithdrawn)),
        new("budget-reallocated", 1, typeof(BudgetReallocated)),
        new("income-received", 1, typeof(IncomeReceived)),
        new("expenditure-posted", 1, typeof(ExpenditurePosted)),
        new("expenditure-reversed", 1, typeof(ExpenditureReversed)),
        new("non-fiscal-surplus-used", 1, typeof(NonFiscalSurplusUsed)),
        new("surplus-distributed", 1, typeof(SurplusDistributed)),
        new("carry-over-determined", 1, typeof(CarryOverDetermined)),
        new("statistics-reported", 1, typeof(StatisticsReported)),
        new("performance-targets-set", 1, typeof(PerformanceTargetsSet)),
        new("performance-results-reported", 1, typeof(PerformanceResultsReported)),
        new("self-evaluation-reported", 1, typeof(SelfEvaluationReported)),
        new("explanation-written", 1, typeof(ExplanationWritten)),
        new("comparatives-imported", 1, typeof(ComparativesImported)),
        new("members-determined", 1, typeof(MembersDetermined)),
        new("year-submitted", 1, typeof(YearSubmitted)),
        new("year-closed", 1, typeof(YearClosed)),
        new("year-reopened", 1, typeof(YearReopened)),
        new("disclosure-published", 1, typeof(DisclosurePublished)),
    ];

    private static readonly FrozenDictionary<Type, EventType> ByClrType = Types.ToFrozenDictionary(t => t.ClrType);
    private static readonly FrozenDictionary<string, EventType> ByAlias = Types.ToFrozenDictionary(t => t.Alias);

    private static readonly JsonSerializerOptions Options = LedgerJson.Options(EventJson.Default);

    /// <summary>The catalogue entry of an event.</summary>
    public static EventType TypeOf(LedgerEvent @event) => ByClrType[@event.GetType()];

    public static EncodedEvent Encode(LedgerEvent @event)
    {
        var type = TypeOf(@event);
        return new(type.Alias, type.SchemaVersion, JsonSerializer.SerializeToUtf8Bytes(@event, Options.GetTypeInfo(type.ClrType)));
    }

    /// <summary>True when the two are events of the same type with the same content, date included.</summary>
    public static bool SameContent(LedgerEvent a, LedgerEvent b) =>
        a.GetType() == b.GetType() && Encode(a).Body.AsSpan().SequenceEqual(Encode(b).Body);

    /// <exception cref="NotSupportedException">The alias or the version is not known to this program.</exception>
    /// <exception cref="JsonException">The body does not have the shape of its type.</exception>
    public static LedgerEvent Decode(string alias, int schemaVersion, ReadOnlySpan<byte> body)
    {
        if (!ByAlias.TryGetValue(alias, out var type) || schemaVersion != type.SchemaVersion)
        {
            throw new NotSupportedException($"Event type '{alias}' version {schemaVersion} is not known to this program.");
        }

        LedgerJson.RefuseNulls(body);
        return (LedgerEvent)(JsonSerializer.Deserialize(body, Options.GetTypeInfo(type.ClrType)) ?? throw new JsonException($"The body of '{alias}' is null."));
    }
}

[JsonSerializable(typeof(DepartmentRegistered))]
[JsonSerializable(typeof(ProfileRevised))]
[JsonSerializable(typeof(FiscalYearOpened))]
[JsonSerializable(typeof(BudgetAppropriated))]
[JsonSerializable(typeof(BudgetSupplemented))]
[JsonSerializable(typeof(BudgetWithdrawn))]
[JsonSerializable(typeof(BudgetReallocated))]
[JsonSerializable(typeof(IncomeReceived))]
[JsonSerializable(typeof(ExpenditurePosted))]
[JsonSerializable(typeof(ExpenditureReversed))]
[JsonSerializable(typeof(NonFiscalSurplusUsed))]
[JsonSerializable(typeof(SurplusDistributed))]
[JsonSerializable(typeof(CarryOverDetermined))]
[JsonSerializable(typeof(StatisticsReported))]
[JsonSerializable(typeof(PerformanceTargetsSet))]
[JsonSerializable(typeof(PerformanceResultsReported))]
[JsonSerializable(typeof(SelfEvaluationReported))]
[JsonSerializable(typeof(ExplanationWritten))]
[JsonSerializable(typeof(ComparativesImported))]
[JsonSerializable(typeof(MembersDetermined))]
[JsonSerializable(typeof(YearSubmitted))]
[JsonSerializable(typeof(YearClosed))]
[JsonSerializable(typeof(YearReopened))]
[JsonSerializable(typeof(DisclosurePublished))]
internal sealed partial class EventJson : JsonSerializerContext;
