using System.Reflection;
using FinalAccounts.Ledger;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace FinalAccounts.UnitTests.Ledger;

/// <summary>
/// Arbitrary events of every type, whatever the rules say of them: what is stored must come back. Follows the constructors,
/// so that a new event or member is covered without a change here.
/// </summary>
internal static class EventGenerator
{
    private static readonly Gen<string> OddTexts = Gen.OneOf(
        Gen.Elements(
            "", " ", "人员经费", "购办公用品“A4纸”", "〔2024〕1号", "😀𠮷", "\"\\/\b\f\n\r\t", "\0\u001F\u007F\u0085\u2028\u2029", "<script>&'+", "\uFEFF\uFFFD\uFFFE", "é",
            "{\"a\":null}", "null", "=1+1"),
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => s.Get));

    private static readonly Gen<long> Longs =
        Gen.OneOf(Gen.Elements(long.MinValue, -1, 0, 1, long.MaxValue), Gen.Choose(int.MinValue, int.MaxValue).Select(n => n * 4_000_000L));

    // Stands after the generators that it is made of: static fields are set in the order of their text.
    public static Gen<LedgerEvent> Any { get; } =
        Gen.OneOf(EventCodec.Types.Select(t => Of(t.ClrType).Select(e => (LedgerEvent)e!)));

    private static Gen<object?> Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return OrLeftOut(Of(inner));
        }

        if (type.IsEnum)
        {
            return Gen.Elements(Enum.GetValues(type).Cast<object?>());
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var element = type.GetGenericArguments()[0];
            return Gen.Choose(0, 4).SelectMany(n => Gen.ArrayOf(Of(element), n)).Select(items => (object?)Typed(items, element));
        }

        return type.Name switch
        {
            nameof(String) => OddTexts.Select(t => (object?)t),
            nameof(Int32) => Gen.OneOf(Gen.Elements(int.MinValue, 0, int.MaxValue), Gen.Choose(-1000, 1000)).Select(n => (object?)n),
            nameof(Int64) => Longs.Select(n => (object?)n),
            nameof(Money) => Longs.Select(n => (object?)new Money(n)),
            nameof(LocalDate) => Gen.Choose(-60_000, 60_000).Select(days => (object?)new LocalDate(2024, 2, 29).PlusDays(days)),
            nameof(FiscalYear) => Gen.Choose(FiscalYear.First, FiscalYear.Last).Select(y => (object?)new FiscalYear(y)),
            nameof(FunctionCode) => Gen.Elements("208", "20801", "2080101", "0000000").Select(c => (object?)new FunctionCode(c)),
            nameof(EconomicCode) => Gen.Elements("301", "30101", "00000").Select(c => (object?)new EconomicCode(c)),
            nameof(DepartmentCode) => Gen.Elements("301001", "a-Z", "12345678901234567890").Select(c => (object?)new DepartmentCode(c)),
            _ => OfRecord(type),
        };
    }

    private static Gen<object?> OfRecord(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        return Gen.CollectToArray(constructor.GetParameters().Select(OfParameter)).Select(values => (object?)constructor.Invoke(values));
    }

    private static Gen<object?> OfParameter(ParameterInfo parameter) =>
        !parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable
            ? OrLeftOut(Of(parameter.ParameterType))
            : Of(parameter.ParameterType);

    private static Gen<object?> OrLeftOut(Gen<object?> values) => Gen.Frequency((1, Gen.Constant((object?)null)), (2, values));

    private static object Typed(object?[] items, Type element)
    {
        var array = Array.CreateInstance(element, items.Length);
        items.CopyTo(array, 0);
        return array;
    }
}
