using System.Security.Cryptography;
using System.Text;
using FinalAccounts.Reporting.Forms;
using FinalAccounts.UnitTests.Ledger;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Reporting;

/// <summary>By its files a form pack can be told from one that has changed since.</summary>
public class PackContentsTest
{
    [Fact]
    public void The_list_names_the_files_of_the_pack_and_of_those_that_it_extends()
    {
        var contents = FormPack.Load("huaihua-2024")!.Contents;

        var files = PackContents.ReadList(contents.List());
        files.Keys.ShouldContain("national/pack.yaml");
        files.Keys.ShouldContain("hunan-2024/narrative.yaml");
        files.Keys.ShouldContain("huaihua-2024/narrative.yaml");
        files.Keys.ShouldNotContain(f => f.StartsWith("yunnan", StringComparison.Ordinal));
        foreach (var (path, sha256) in files)
        {
            sha256.ShouldBe(Hash(File.ReadAllBytes(Path.Combine(FormsFolder, path))), path);
        }

        contents.Sha256.ShouldBe(Hash(contents.List()));
    }

    [Fact]
    public void One_changed_byte_of_any_file_changes_the_hash_and_that_line_of_the_list()
    {
        var contents = FormPack.Load("qinghai-2024")!.Contents;
        var before = PackContents.ReadList(contents.List());
        foreach (var file in contents.Files)
        {
            var packs = new FormPacks((pack, name) => $"{pack}/{name}" == file.Path ? Encoding.UTF8.GetString(file.Bytes) + "\n" : null);

            var changed = packs.Load("qinghai-2024")!.Contents;

            changed.Sha256.ShouldNotBe(contents.Sha256);
            PackContents.ReadList(changed.List()).Except(before).ShouldHaveSingleItem().Key.ShouldBe(file.Path);
        }
    }

    [Fact]
    public void Packs_that_nothing_stands_in_for_are_those_of_the_program()
    {
        FormPacks.OfProgram.Load("hunan-2024").ShouldBeSameAs(FormPack.Load("hunan-2024"));
        FormPacks.OfProgram.Load("national").ShouldBeNull("it is no form by itself");
        new FormPacks((_, _) => null).Load("某格式").ShouldBeNull();
        new FormPacks((_, _) => null).Load("hunan-2024")!.Contents.Sha256.ShouldBe(FormPack.Load("hunan-2024")!.Contents.Sha256);
    }

    [Theory]
    [InlineData("short  a/b.yaml\n")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000 a/b.yaml\n")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000  \n")]
    public void What_is_no_list_is_refused(string text) => Should.Throw<FormatException>(() => PackContents.ReadList(Encoding.UTF8.GetBytes(text)));

    private static string FormsFolder => Path.Combine(RepositoryFiles.Root, "src", "FinalAccounts.Reporting", "Forms");

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
