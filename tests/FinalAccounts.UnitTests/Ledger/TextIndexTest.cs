using System.Text;
using FinalAccounts.Ledger;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Ledger;

public class TextIndexTest
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements("", "记-1", "记-10", "记-2", "A", "￥1", "\uE000", "\uFFFD", "😀", "𠮷1", "é", new string('长', 400)),
        Gen.Elements("a", "记", "😀", "\uF8FF", "0").ListOf(4).Select(string.Concat));

    [Fact]
    public void Each_text_is_found_under_its_last_number_and_read_back() =>
        Prop.ForAll(Texts.ListOf(200).ToArbitrary(), texts =>
        {
            var index = new TextIndex();
            texts.Select(index.Add).ShouldBe(Enumerable.Range(0, texts.Count));
            Enumerable.Range(0, texts.Count).Select(n => index[n]).ShouldBe(texts);
            foreach (var below in new[] { texts.Count / 2, int.MaxValue })
            {
                foreach (var text in texts.Append("not there"))
                {
                    index.Find(text, below).ShouldBe(texts.Take(below).ToList().LastIndexOf(text));
                }
            }

            var half = index.Prefix(texts.Count / 2);
            half.Count.ShouldBe(texts.Count / 2);
            texts.ShouldAllBe(text => half.Find(text) == index.Find(text, half.Count));
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Texts_are_ordered_as_ordinal_strings_are() =>
        Prop.ForAll(Texts.ToArbitrary(), Texts.ToArbitrary(), (a, b) =>
        {
            var index = new TextIndex();
            Math.Sign(index.Compare(index.Add(a), index.Add(b))).ShouldBe(Math.Sign(StringComparer.Ordinal.Compare(a, b)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Long_texts_have_room_one_after_the_other_and_longer_ones_are_refused()
    {
        var index = new TextIndex();
        var texts = Enumerable.Range(0, 8).Select(n => $"{n}{new string('x', TextIndex.MostBytes - 1)}").ToList();
        texts.ForEach(t => index.Add(t));

        Enumerable.Range(0, 8).Select(n => index[n]).ShouldBe(texts);
        Should.Throw<ArgumentException>(() => index.Add(new byte[TextIndex.MostBytes + 1]));
        index.Find(Encoding.UTF8.GetBytes(texts[3])).ShouldBe(3);
    }
}
