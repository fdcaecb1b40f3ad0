using System.Text.Json.Serialization;
using FinalAccounts.Ledger;
using FinalAccounts.Ledger.Performance;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Ledger;

public class FunctionCodeTest
{
    [Theory]
    [InlineData("208")]
    [InlineData("20801")]
    [InlineData("2080101")]
    public void A_code_has_3_5_or_7_digits(string text) => new FunctionCode(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("2080")]
    [InlineData("20801011")]
    [InlineData("20801a1")]
    [InlineData("２０８")]
    [InlineData(" 208")]
    public void Anything_else_is_refused(string text)
    {
        FunctionCode.IsValid(text).ShouldBeFalse();
        Should.Throw<FormatException>(() => new FunctionCode(text)).Message.ShouldContain(text);
    }

    [Fact]
    public void An_item_lies_in_its_section_and_class()
    {
        var item = new FunctionCode("2080101");

        (item.IsItem, item.IsSection, item.IsClass).ShouldBe((true, false, false));
        item.Parent.ShouldBe(new FunctionCode("20801"));
        item.Parent!.Value.Parent.ShouldBe(new FunctionCode("208"));
        item.Class.ShouldBe(new FunctionCode("208"));
        new FunctionCode("208").Parent.ShouldBeNull();
        item.IsWithin(new("208")).ShouldBeTrue();
        item.IsWithin(item).ShouldBeTrue();
        item.IsWithin(new("20802")).ShouldBeFalse();
        new FunctionCode("208").IsWithin(item).ShouldBeFalse();
    }

    [Fact]
    public void A_parent_stands_before_its_children() =>
        new[] { "2080101", "210", "20801", "208", "2080199" }.Select(t => new FunctionCode(t)).Order().Select(c => c.ToString())
            .ShouldBe(["208", "20801", "2080101", "2080199", "210"]);

    [Fact]
    public void The_default_names_nothing() => Should.Throw<InvalidOperationException>(() => default(FunctionCode).ToString());
}

public class EconomicCodeTest
{
    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("3010")]
    [InlineData("301010")]
    [InlineData("3010x")]
    public void Only_3_or_5_digits_are_a_code(string text)
    {
        EconomicCode.IsValid(text).ShouldBeFalse();
        Should.Throw<FormatException>(() => new EconomicCode(text));
    }

    [Fact]
    public void An_item_lies_in_its_class()
    {
        new EconomicCode("30101").IsItem.ShouldBeTrue();
        new EconomicCode("301").IsItem.ShouldBeFalse();
        new EconomicCode("30101").Class.ShouldBe(new EconomicCode("301"));
        new EconomicCode("30101").IsWithin(new("301")).ShouldBeTrue();
        new EconomicCode("30101").IsWithin(new("302")).ShouldBeFalse();
        new EconomicCode("301").CompareTo(new("30101")).ShouldBeLessThan(0);
        Should.Throw<InvalidOperationException>(() => default(EconomicCode).ToString());
    }
}

public class DepartmentCodeTest
{
    [Theory]
    [InlineData("301", true)]
    [InlineData("301-001a", true)]
    [InlineData("12345678901234567890", true)]
    [InlineData("12", false)]
    [InlineData("123456789012345678901", false)]
    [InlineData("301/001", false)]
    [InlineData("三〇一", false)]
    [InlineData("301 001", false)]
    public void A_code_fits_into_the_name_of_a_stream(string text, bool valid)
    {
        DepartmentCode.IsValid(text).ShouldBe(valid);
        if (valid)
        {
            Streams.Year(new(text), new(2024)).ShouldBe($"year/{text}/2024");
            Streams.Department(new(text)).ShouldBe($"department/{text}");
        }
        else
        {
            Should.Throw<FormatException>(() => new DepartmentCode(text));
        }
    }

    [Fact]
    public void The_default_names_nothing() => Should.Throw<InvalidOperationException>(() => default(DepartmentCode).ToString());
}

public class RegionCodeTest
{
    [Theory]
    [InlineData("430900", true)]
    [InlineData("43090", false)]
    [InlineData("4309000", false)]
    [InlineData("43090a", false)]
    [InlineData("４３０９００", false)]
    public void A_code_has_6_digits(string text, bool valid)
    {
        RegionCode.IsValid(text).ShouldBe(valid);
        if (!valid)
        {
            Should.Throw<FormatException>(() => new RegionCode(text));
        }
    }
}

public class FiscalYearTest
{
    [Theory]
    [InlineData(2006)]
    [InlineData(2100)]
    [InlineData(0)]
    public void A_year_without_this_classification_is_refused(int year) => Should.Throw<ArgumentOutOfRangeException>(() => new FiscalYear(year));

    [Fact]
    public void A_year_runs_from_1_January_to_31_December()
    {
        var year = new FiscalYear(2024);

        year.FirstDay.ShouldBe(new LocalDate(2024, 1, 1));
        year.LastDay.ShouldBe(new LocalDate(2024, 12, 31));
        year.Contains(year.FirstDay).ShouldBeTrue();
        year.Contains(year.LastDay).ShouldBeTrue();
        year.Contains(year.LastDay.PlusDays(1)).ShouldBeFalse();
        year.Contains(year.FirstDay.PlusDays(-1)).ShouldBeFalse();
        year.CompareTo(new(2023)).ShouldBeGreaterThan(0);
        year.ToString().ShouldBe("2024");
    }
}

public class TermsTest
{
    [Fact]
    public void Every_value_of_every_term_enumeration_has_its_own_term_that_leads_back_to_it()
    {
        Check<Fund>();
        Check<SpendingKind>();
        Check<IncomeSource>();
        Check<OverspendingPolicy>();
        Check<IndicatorScoring>();

        static void Check<T>() where T : struct, Enum
        {
            Terms.All<T>().ShouldBeUnique();
            Terms.All<T>().Count.ShouldBe(Enum.GetValues<T>().Length);
            foreach (var value in Enum.GetValues<T>())
            {
                Terms.TryParse<T>(value.Term(), out var back).ShouldBeTrue();
                back.ShouldBe(value);
            }

            Terms.TryParse<T>("", out _).ShouldBeFalse();
            Terms.TryParse<T>(Enum.GetNames<T>()[0], out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Every_enumeration_of_the_ledger_with_terms_is_read_by_them()
    {
        // A new enumeration of an event needs its converter in the codec; the stored examples would pass without one only if
        // no example had it.
        var withTerms = typeof(Fund).Assembly.GetExportedTypes().Where(t => t.IsEnum && t.GetFields().Any(f => f.IsDefined(typeof(JsonStringEnumMemberNameAttribute), false)));
        withTerms.ShouldBe([typeof(Fund), typeof(SpendingKind), typeof(IncomeSource), typeof(OverspendingPolicy), typeof(IndicatorScoring)], ignoreOrder: true);
    }

    [Theory]
    [InlineData(Fund.GeneralPublicBudget, true)]
    [InlineData(Fund.GovernmentFund, true)]
    [InlineData(Fund.StateCapital, true)]
    [InlineData(Fund.SocialInsuranceFund, false)]
    [InlineData(Fund.Other, false)]
    public void Three_funds_make_up_the_appropriations(Fund fund, bool fiscal) => fund.IsFiscal().ShouldBe(fiscal);
}

public class MoneyArithmeticTest
{
    [Fact]
    public void Yuan_text_and_fen_say_the_same() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), fen =>
            Int128.Parse(new Money(fen).ToYuan().Replace(".", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) == fen)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_operation_is_checked()
    {
        Should.Throw<OverflowException>(() => new Money(long.MinValue) - new Money(1));
        Should.Throw<OverflowException>(() => -new Money(long.MinValue));
        Should.Throw<OverflowException>(() => new Money(long.MinValue).Magnitude);
        Should.Throw<OverflowException>(() => new[] { new Money(long.MaxValue), new Money(1) }.Sum());
    }

    [Fact]
    public void Amounts_compare_by_their_fen()
    {
        (new Money(1) < new Money(2)).ShouldBeTrue();
        (new Money(2) <= new Money(2)).ShouldBeTrue();
        (new Money(-1) > new Money(0)).ShouldBeFalse();
        (new Money(0) >= new Money(0)).ShouldBeTrue();
        new Money(-5).Magnitude.ShouldBe(new Money(5));
        Array.Empty<Money>().Sum().ShouldBe(Money.Zero);
        Money.Zero.IsZero.ShouldBeTrue();
    }
}
