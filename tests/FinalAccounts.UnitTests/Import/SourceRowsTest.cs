using System.Text;
using FinalAccounts.Import;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

public sealed class SourceRowsTest
{
    [Fact]
    public void The_row_of_an_error_is_found_with_its_cell()
    {
        var error = new ImportError("I-not-a-number", [], "expenditure.csv", 3, "金额(元)", "50O");
        var rows = SourceRows.Find([("expenditure.csv", Content(Encoding.UTF8.GetBytes("凭证号,摘要,金额(元)\n记-1,\"甲，\n乙\",1.00\n记-2,丙,50O\n")))], [error with { Line = 4 }]);

        var row = rows[("expenditure.csv", 4)];
        row.Cells.ShouldBe(["记-2", "丙", "50O"]);
        row.PlaceOf(error).ShouldBe(2);
    }

    [Fact]
    public void A_line_of_a_YAML_file_is_its_text() =>
        SourceRows.Find([("department.yaml", Content("地区代码: x\n年度: 二〇二四\n"u8.ToArray()))], [new("I-year-invalid", [], "department.yaml", 2, "年度", "二〇二四")])
            [("department.yaml", 2)].Cells.ShouldBe(["年度: 二〇二四"]);

    [Fact]
    public void A_file_that_can_not_be_read_has_no_rows() =>
        SourceRows.Find([("books.xlsx", Content([1, 2, 3])), ("budget.csv", Content([0xff, 0xfe, 0]))], [new("I-x", [], "books.xlsx/支出", 2), new("I-x", [], "budget.csv", 1)]).ShouldBeEmpty();

    private static Func<Stream> Content(byte[] bytes) => () => new MemoryStream(bytes);
}
