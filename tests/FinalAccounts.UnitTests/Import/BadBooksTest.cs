using System.Globalization;
using System.Text;
using FinalAccounts.Import;
using FinalAccounts.Ledger;
using Shouldly;
using Xunit;

namespace FinalAccounts.UnitTests.Import;

/// <summary>Broken books: every finding names its rule and the exact place.</summary>
public class BadBooksTest
{
    private const string Income = "记-01-001,2024-01-08,入账,2010501,财政拨款收入,一般公共预算,1.00";

    /// <summary>One cell broken in one row; the row is line 2 of the list.</summary>
    [Theory]
    [InlineData("income.csv", "金额(元)", "壹佰元", "I-not-a-number")]
    [InlineData("income.csv", "金额(元)", "1e5", "I-not-a-number")]
    [InlineData("income.csv", "金额(元)", "12.", "I-not-a-number")]
    [InlineData("income.csv", "金额(元)", "NaN", "I-not-a-number")]
    [InlineData("income.csv", "金额(元)", "=1+1", "I-not-a-number")]
    [InlineData("income.csv", "金额(元)", "１２.00", "I-not-a-number")]
    [InlineData("income.csv", "金额(元)", "\"1,00\"", "I-not-a-number", "1,00")]
    [InlineData("income.csv", "金额(元)", "1.005", "I-too-many-decimals")]
    [InlineData("income.csv", "金额(元)", "1000000000000000", "I-amount-too-large")]
    [InlineData("income.csv", "金额(元)", "1000000000000.01", "I-amount-too-large")]
    [InlineData("income.csv", "金额(元)", "-1000000000000.01", "I-amount-too-large")]
    [InlineData("income.csv", "金额(元)", "99999999999999999999999999", "I-amount-too-large")]
    [InlineData("income.csv", "金额(元)", "0.00", "I-zero-amount")]
    [InlineData("income.csv", "金额(元)", "", "I-value-missing")]
    [InlineData("income.csv", "凭证号", "", "I-value-missing")]
    [InlineData("income.csv", "摘要", "", "I-value-missing")]
    [InlineData("income.csv", "日期", "2024-02-30", "I-not-a-date")]
    [InlineData("income.csv", "日期", "45296", "I-not-a-date")]
    [InlineData("income.csv", "日期", "24-01-05", "I-not-a-date")]
    [InlineData("income.csv", "日期", "2023-12-31", "I-date-outside-year")]
    [InlineData("income.csv", "日期", "2025-01-01", "I-date-outside-year")]
    [InlineData("income.csv", "功能科目", "行政运行", "I-code-malformed")]
    [InlineData("income.csv", "功能科目", "20101", "I-code-unknown")]
    [InlineData("income.csv", "功能科目", "2080198", "I-code-unknown")]
    [InlineData("income.csv", "功能科目", "20801", "I-code-not-leaf")]
    [InlineData("income.csv", "收入来源", "财政拨款", "I-term-unknown")]
    [InlineData("income.csv", "预算类别", "一般预算", "I-term-unknown")]
    [InlineData("expenditure.csv", "经济科目", "301", "I-code-not-leaf")]
    [InlineData("expenditure.csv", "经济科目", "30198", "I-code-unknown")]
    [InlineData("expenditure.csv", "经济科目", "3010", "I-code-malformed")]
    [InlineData("expenditure.csv", "金额(元)", "-5.00", "I-negative-amount")]
    [InlineData("expenditure.csv", "冲销凭证号", "记-01-009", "I-reversal-not-negative", "*")]
    [InlineData("budget.csv", "类型", "初始预算", "I-term-unknown")]
    [InlineData("budget.csv", "金额(元)", "-5.00", "I-negative-amount")]
    [InlineData("statistics.csv", "数值", "-1.00", "I-negative-amount")]
    [InlineData("comparatives.csv", "上年数(元)", "不详", "I-not-a-number")]
    public void A_broken_cell_is_reported_with_its_line_column_and_value(string file, string column, string value, string rule, string? shown = null)
    {
        using var copy = new BooksCopy();
        var heading = copy.Lines(file)[0].Split(',');
        var cells = copy.Lines(file)[1].Split(',');
        cells[Array.IndexOf(heading, column)] = value;
        copy.ReplaceLine(file, 2, string.Join(',', cells));

        var errors = copy.Read().Errors;

        // A reversal that is not negative is found in the amount, not in the number that makes the row one.
        var error = errors.Listed.First(e => e.RuleId == rule);
        error.File.ShouldBe(file);
        error.Line.ShouldBe(2);
        error.Column.ShouldBe(shown == "*" ? "金额(元)" : column);
        error.Value.ShouldBe(shown == "*" ? cells[Array.IndexOf(heading, "金额(元)")] : shown ?? value);
        errors.Listed.ShouldAllBe(e => e.Line == 2 || e.RuleId == "I-document-disagrees");
    }

    [Fact]
    public void All_broken_cells_of_a_row_are_found_at_once()
    {
        using var copy = new BooksCopy();
        copy.ReplaceLine("income.csv", 3, "记-01-001,2024-13-08,,2080198,财政,一般,x");

        copy.Read().Errors.Listed.Select(e => (e.Line, e.RuleId, e.Column)).ShouldBe(
        [
            (3, "I-not-a-date", "日期"), (3, "I-value-missing", "摘要"), (3, "I-code-unknown", "功能科目"), (3, "I-term-unknown", "收入来源"),
            (3, "I-term-unknown", "预算类别"), (3, "I-not-a-number", "金额(元)"),
        ]);
    }

    [Fact]
    public void Errors_beyond_the_first_two_hundred_are_counted_only()
    {
        using var copy = new BooksCopy();
        copy.Write("expenditure.csv", copy.Text("expenditure.csv").Replace(",2080101,", ",2080198,"));
        var rows = copy.Lines("expenditure.csv").Count(line => line.Contains(",2080198,"));

        var errors = copy.Read().Errors;

        rows.ShouldBeGreaterThan(ImportLimits.ListedErrors);
        errors.Count.ShouldBe(rows);
        errors.Listed.Count.ShouldBe(200);
        ImportMessages.More(errors, CultureInfo.InvariantCulture).ShouldBe($"另有 {rows - 200} 处错误没有列出，共 {rows} 处。");
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        using var copy = new BooksCopy();
        copy.Replace("expenditure.csv", "经济科目,", "");

        Single(copy).ShouldBe(("I-column-missing", "expenditure.csv", 1, "经济科目", null));
    }

    [Fact]
    public void A_column_that_no_list_has_is_refused_because_its_content_would_be_lost()
    {
        using var copy = new BooksCopy();
        copy.Replace("expenditure.csv", "冲销凭证号", "冲销凭证");

        Single(copy).ShouldBe(("I-column-unknown", "expenditure.csv", 1, "冲销凭证", null));
    }

    [Fact]
    public void A_column_that_stands_there_twice_is_refused()
    {
        using var copy = new BooksCopy();
        copy.Replace("income.csv", "摘要", "日期");

        copy.Read().Errors.Listed.Select(e => (e.RuleId, e.Column)).ShouldBe([("I-column-duplicate", "日期"), ("I-column-missing", "摘要")]);
    }

    [Fact]
    public void A_row_with_more_cells_than_the_heading_is_refused()
    {
        using var copy = new BooksCopy();
        copy.ReplaceLine("income.csv", 2, "记-01-001,2024-01-08,1月份财政授权支付额度和直接支付入账,2010501,财政拨款收入,一般公共预算,37,720.00");

        Single(copy).ShouldBe(("I-row-too-long", "income.csv", 2, null, "720.00"));
    }

    [Theory]
    [InlineData("2024-01-09,1月份财政授权支付额度和直接支付入账", "日期", "2024-01-09")]
    [InlineData("2024-01-08,别的事", "摘要", "别的事")]
    public void Rows_of_one_voucher_that_disagree_are_refused(string dateAndSummary, string column, string value)
    {
        using var copy = new BooksCopy();
        copy.Append("income.csv", $"记-01-001,{dateAndSummary},2101101,财政拨款收入,一般公共预算,1.00");
        var line = copy.Lines("income.csv").Length;

        Single(copy).ShouldBe(("I-document-disagrees", "income.csv", line, column, value));
    }

    [Fact]
    public void A_row_that_was_pasted_twice_is_refused()
    {
        using var copy = new BooksCopy();
        copy.Append("expenditure.csv", copy.Lines("expenditure.csv")[1]);
        var line = copy.Lines("expenditure.csv").Length;

        Single(copy).ShouldBe(("I-row-duplicate", "expenditure.csv", line, null, null));
    }

    [Fact]
    public void A_voucher_number_is_used_in_one_list_only()
    {
        using var copy = new BooksCopy();
        copy.Append("expenditure.csv", "记-01-001,2024-01-10,买纸,2080101,30201,一般公共预算,基本支出,,财政拨款收入,1.00,");
        var line = copy.Lines("expenditure.csv").Length;

        Single(copy).ShouldBe(("I-number-used-twice", "expenditure.csv", line, "凭证号", "记-01-001"));
    }

    [Fact]
    public void A_reallocation_that_does_not_balance_is_refused()
    {
        using var copy = new BooksCopy();
        copy.Append("budget.csv", "调剂,益财预〔2024〕60号,2024-04-01,调整,2080101,基本支出,,一般公共预算,,-300.00");
        copy.Append("budget.csv", "调剂,益财预〔2024〕60号,2024-04-01,调整,2101101,基本支出,,一般公共预算,,299.99");

        Single(copy).ShouldBe(("I-reallocation-unbalanced", "budget.csv", copy.Lines("budget.csv").Length - 1, "金额(元)", "-0.01"));
    }

    [Theory]
    [InlineData("年末结转和结余,一般公共预算,0.00")]
    [InlineData("年初结转和结余,,0.00")]
    public void A_zero_balance_says_nothing_unless_nothing_is_carried_over(string row)
    {
        using var copy = new BooksCopy();
        copy.Write("balances.csv", $"类型,预算类别,金额(元)\n{row}\n");

        copy.Read().Errors.Listed.ShouldContain(e => e.RuleId == "I-zero-amount" && e.Line == 2);
    }

    [Fact]
    public void Nothing_and_something_are_not_both_carried_over()
    {
        using var copy = new BooksCopy();
        copy.Write("balances.csv", "类型,预算类别,金额(元)\n年末结转和结余,,0.00\n年末结转和结余,一般公共预算,5.00\n");

        Single(copy).ShouldBe(("I-zero-amount", "balances.csv", 2, "金额(元)", "0.00"));
    }

    [Fact]
    public void An_empty_file_is_an_error_and_a_heading_alone_is_a_list_of_nothing()
    {
        using var copy = new BooksCopy();
        copy.Write("income.csv", "");
        Single(copy).ShouldBe(("I-file-empty", "income.csv", null, null, null));

        copy.Write("income.csv", "\n\n");
        Single(copy).ShouldBe(("I-file-empty", "income.csv", null, null, null));

        copy.Write("income.csv", "凭证号,日期,摘要,功能科目,收入来源,预算类别,金额(元)\n");
        copy.Read().Errors.Listed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("department.yaml")]
    [InlineData("budget.csv")]
    [InlineData("income.csv")]
    [InlineData("expenditure.csv")]
    public void A_list_that_must_be_there_is_missed(string file)
    {
        using var copy = new BooksCopy();
        File.Delete(copy.PathOf(file));

        var error = copy.Read().Errors.Listed.ShouldHaveSingleItem();
        (error.RuleId, error.Arguments[0]).ShouldBe(("I-file-missing", file));
    }

    [Fact]
    public void Lists_that_may_be_missing_are_named_as_missing()
    {
        using var copy = new BooksCopy();
        File.Delete(copy.PathOf("statistics.csv"));
        File.Delete(copy.PathOf("performance.yaml"));

        copy.Read().Books!.Missing.ShouldBe(["balances.csv", "statistics.csv", "performance.yaml"]);
    }

    [Fact]
    public void A_list_under_a_wrong_name_is_not_lost_in_silence()
    {
        using var copy = new BooksCopy();
        File.Move(copy.PathOf("statistics.csv"), copy.PathOf("statistic.csv"));

        Single(copy).ShouldBe(("I-file-unknown", "statistic.csv", null, null, null));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_missed() =>
        BooksReader.Read(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")), BooksCopy.Standards)
            .Errors.Listed.ShouldHaveSingleItem().RuleId.ShouldBe("I-file-missing");

    [Fact]
    public void A_file_above_the_limit_is_refused_without_reading_it()
    {
        using var copy = new BooksCopy();
        using (var file = File.OpenWrite(copy.PathOf("expenditure.csv")))
        {
            file.SetLength(600L * 1024 * 1024);
        }

        using (var file = File.OpenWrite(copy.PathOf("budget.csv")))
        {
            file.SetLength(50L * 1024 * 1024);
        }

        copy.Read().Errors.Listed.Select(e => (e.RuleId, e.File, e.Arguments[0], e.Arguments[1])).ShouldBe(
            [("I-file-too-large", "budget.csv", "50", "32"), ("I-file-too-large", "expenditure.csv", "600", "512")]);
    }

    [Fact]
    public void A_list_with_too_many_rows_is_refused_once()
    {
        using var copy = new BooksCopy();
        var lines = copy.Lines("budget.csv");
        copy.Write("budget.csv", string.Join('\n', [lines[0], .. Enumerable.Repeat(lines[1], ImportLimits.Rows + 1)]) + "\n");

        Single(copy).ShouldBe(("I-too-many-rows", "budget.csv", ImportLimits.Rows + 2, null, null));
    }

    /// <summary>Every row is wrong in the same way, so that the count of errors tells how many were read.</summary>
    [Fact]
    public void A_list_of_vouchers_may_have_many_more_rows()
    {
        using var copy = new BooksCopy();
        var heading = copy.Lines("income.csv")[0];
        copy.Write("income.csv", $"{heading}\nx\n");
        var perRow = copy.Read().Errors.Count;
        copy.Write("income.csv", $"{heading}\n{string.Concat(Enumerable.Repeat("x\n", ImportLimits.VoucherRows + 10))}");

        copy.Read().Errors.Count.ShouldBe((perRow * ImportLimits.VoucherRows) + 1);
    }

    [Fact]
    public void A_voucher_with_more_lines_than_the_ledger_takes_is_refused_without_being_held()
    {
        using var copy = new BooksCopy();
        var rows = Enumerable.Range(1, Limits.Lines + 1).Select(n => $"记-99-001,2024-01-08,入账,2010501,财政拨款收入,一般公共预算,{n}.00");
        copy.Write("income.csv", string.Join('\n', [copy.Lines("income.csv")[0], .. rows]) + "\n");

        Single(copy).ShouldBe(("L-LINE-02", "income.csv", 2, null, null));
    }

    [Fact]
    public void A_line_that_never_ends_is_refused()
    {
        using var copy = new BooksCopy();
        copy.Write("expenditure.csv", copy.Lines("expenditure.csv")[0] + "\n" + new string('x', ImportLimits.LineBytes + 1) + "\n");
        Single(copy).ShouldBe(("I-line-too-long", "expenditure.csv", 2, null, null));

        copy.Write("expenditure.csv", copy.Lines("expenditure.csv")[0] + "\n\"" + string.Concat(Enumerable.Repeat("x\n", ImportLimits.LineBytes)));
        Single(copy).ShouldBe(("I-csv-broken", "expenditure.csv", 2, null, null));
    }

    [Fact]
    public void A_list_that_is_changed_while_it_is_imported_is_refused()
    {
        using var copy = new BooksCopy();
        var books = copy.Read().Books!;
        copy.Append("expenditure.csv", "");

        ImportPlan.Make(books, [], []).Errors.Listed.Select(e => (e.RuleId, e.File)).ShouldBe([("I-file-changed", "expenditure.csv")]);
    }

    [Fact]
    public void A_list_with_too_many_columns_is_refused()
    {
        using var copy = new BooksCopy();
        copy.ReplaceLine("income.csv", 1, copy.Lines("income.csv")[0] + new string(',', ImportLimits.Columns));

        Single(copy).ShouldBe(("I-too-many-columns", "income.csv", 1, null, null));
    }

    [Fact]
    public void A_cell_that_is_too_long_is_refused()
    {
        using var copy = new BooksCopy();
        copy.ReplaceLine("income.csv", 2, Income.Replace("入账", new string('账', ImportLimits.CellCharacters + 1), StringComparison.Ordinal));

        copy.Read().Errors.Listed.ShouldContain(e => e.RuleId == "I-cell-too-long" && e.Line == 2 && e.Column == "摘要");
    }

    /// <summary>The bytes of 账 are E8 B4 A6; the last is overwritten by an ASCII letter, so that the character is cut off.</summary>
    [Fact]
    public void Broken_utf8_is_found_with_its_byte_and_line()
    {
        using var copy = new BooksCopy();
        var bytes = File.ReadAllBytes(copy.PathOf("income.csv"));
        var at = bytes.AsSpan().IndexOf("入账"u8) + 5;
        bytes[at] = (byte)'x';
        File.WriteAllBytes(copy.PathOf("income.csv"), bytes);

        var error = copy.Read().Errors.Listed.ShouldHaveSingleItem();

        // The character that is broken begins two bytes before the overwritten one; bytes are counted from 1.
        (error.RuleId, error.File, error.Line, error.Value).ShouldBe(("I-encoding-broken", "income.csv", 2, "0xE8"));
        error.Arguments.ShouldBe(["UTF-8", $"{at - 2 + 1}"]);
    }

    /// <summary>0xFF is never part of GB18030; here it stands in the third line.</summary>
    [Fact]
    public void Broken_gb18030_is_found_with_its_byte_and_line()
    {
        using var copy = new BooksCopy();
        var gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
        var lines = copy.Lines("income.csv");
        var head = gb18030.GetBytes(lines[0] + "\n" + lines[1] + "\n");
        File.WriteAllBytes(copy.PathOf("income.csv"), [.. head, 0xFF, .. gb18030.GetBytes(lines[2] + "\n")]);

        var error = copy.Read().Errors.Listed.ShouldHaveSingleItem();

        (error.RuleId, error.Line, error.Value).ShouldBe(("I-encoding-broken", 3, "0xFF"));
        error.Arguments.ShouldBe(["GB18030", $"{head.Length + 1}"]);
    }

    [Fact]
    public void Utf16_is_named_and_refused()
    {
        using var copy = new BooksCopy();
        File.WriteAllText(copy.PathOf("income.csv"), copy.Text("income.csv"), Encoding.Unicode);

        Single(copy).ShouldBe(("I-encoding-unsupported", "income.csv", null, null, null));
    }

    [Fact]
    public void A_file_that_is_no_text_is_refused()
    {
        using var copy = new BooksCopy();
        copy.Append("income.csv", "a\0b");

        Single(copy).ShouldBe(("I-control-character", "income.csv", copy.Lines("income.csv").Length, null, "U+0000"));
    }

    [Fact]
    public void A_quote_that_is_never_closed_does_not_swallow_the_rest()
    {
        using var copy = new BooksCopy();
        copy.ReplaceLine("income.csv", 3, "记-01-001,2024-01-08,\"入账,2010501,财政拨款收入,一般公共预算,1.00");

        Single(copy).ShouldBe(("I-csv-broken", "income.csv", 3, null, null));
    }

    [Fact]
    public void Lines_are_counted_as_an_editor_shows_them()
    {
        using var copy = new BooksCopy();
        copy.Replace("income.csv", "记-01-001,2024-01-08,1月份财政授权支付额度和直接支付入账,2010501", "\n记-01-001,2024-01-08,\"两行\n摘要\",2010501");
        copy.Append("income.csv", "记-12-999,2024-12-31,入账,2080198,财政拨款收入,一般公共预算,1.00");
        var last = File.ReadAllLines(copy.PathOf("income.csv")).Length;

        copy.Read().Errors.Listed.ShouldContain(e => e.RuleId == "I-code-unknown" && e.Line == last);
    }

    [Theory]
    [InlineData("自称", "自己", "I-yaml-key-unknown", "自己")]
    [InlineData("年度: 2024", "年度: 二〇二四", "I-year-invalid", "年度")]
    [InlineData("年度: 2024", "年度: 2006", "I-year-invalid", "年度")]
    [InlineData("\"430900\"", "43090", "I-code-malformed", "地区代码")]
    [InlineData("\"117005\"", "117/005", "I-code-malformed", "单位代码")]
    [InlineData("hunan-2024", "hunan-2031", "I-form-pack-unknown", "报表格式")]
    [InlineData("超预算支出: 拒绝", "超预算支出: 随便", "I-term-unknown", "超预算支出")]
    [InlineData("编制人数: 48", "编制人数: 四十八", "I-not-a-whole-number", "编制人数")]
    [InlineData("登记日期: 2024-01-01", "登记日期: 年初", "I-not-a-date", "登记日期")]
    public void A_broken_entry_of_the_department_is_reported_with_its_line_and_key(string old, string @new, string rule, string key)
    {
        using var copy = new BooksCopy();
        var line = Array.FindIndex(copy.Lines("department.yaml"), l => l.Contains(old, StringComparison.Ordinal)) + 1;
        copy.Replace("department.yaml", old, @new);

        var error = copy.Read().Errors.Listed.First(e => e.RuleId == rule);
        (error.File, error.Line, error.Column).ShouldBe(("department.yaml", line, key));
    }

    [Fact]
    public void A_year_without_a_chart_of_accounts_is_refused()
    {
        using var copy = new BooksCopy();
        copy.Replace("department.yaml", "年度: 2024", "年度: 2021");

        copy.Read().Errors.Listed[0].RuleId.ShouldBe("I-chart-missing");
    }

    /// <summary>The line expected is that of <paramref name="at"/>: of the entry that is broken, or of the item that lacks it.</summary>
    [Theory]
    [InlineData("department.yaml", "自称: 我单位", "自称: [我单位", "I-yaml-broken", "自称: [我单位")]
    [InlineData("department.yaml", "自称: 我单位", "自称: \"我单位", "I-yaml-broken", "自称: \"我单位")]
    [InlineData("department.yaml", "自称: 我单位", "年度: 2024", "I-yaml-broken", "部门职责", 1)]
    [InlineData("department.yaml", "自称: 我单位", "自称: &我 单位\n机构级别: *我", "I-yaml-shape", "机构级别: *我")]
    [InlineData("department.yaml", "自称: 我单位", "自称: [[[[[[[[[[[[[[[我单位]]]]]]]]]]]]]]]", "I-yaml-shape", "自称: [")]
    [InlineData("explanations.yaml", "- 对象: 支出总计/比上年", "- 对像: 支出总计/比上年", "I-yaml-key-unknown", "对像")]
    [InlineData("explanations.yaml", "支出总计/比上年", "收入总计/比上年\n# 第二处", "I-value-repeated", "第二处", 1)]
    [InlineData("explanations.yaml", "说明: 厉行节约，压减支出", "说明:", "I-value-missing", "机关运行经费/比上年")]
    [InlineData("performance.yaml", "  年度目标:", "  年度目标值:", "I-yaml-key-unknown", "年度目标值")]
    [InlineData("performance.yaml", "分值: 15", "分值: 十五", "I-not-a-number", "- 一级指标: 产出指标")]
    [InlineData("performance.yaml", "自评得分: 100", "自评得分: [100, 90]", "I-value-repeated", "[100, 90]")]
    [InlineData("performance.yaml", "结果日期: 2024-12-31", "结果日期: 2026-12-31", "I-date-outside-year", "2026-12-31")]
    public void A_broken_yaml_file_is_reported_with_its_line(string file, string old, string @new, string rule, string at, int linesBefore = 0)
    {
        using var copy = new BooksCopy();
        copy.Replace(file, old, @new);
        var line = Array.FindIndex(copy.Lines(file), l => l.Contains(at, StringComparison.Ordinal)) + 1 - linesBefore;

        var error = copy.Read().Errors.Listed.First(e => e.RuleId == rule);
        (error.File, error.Line).ShouldBe((file, line));
    }

    [Fact]
    public void A_text_where_a_list_belongs_is_refused()
    {
        using var copy = new BooksCopy();
        copy.Write("explanations.yaml", "收入总计/比上年: 厉行节约\n");

        copy.Read().Errors.Listed.ShouldContain(e => e.RuleId == "I-yaml-shape" && e.File == "explanations.yaml" && e.Line == 1);
    }

    /// <summary>Every rule has its words, in both languages, and every placeholder in them is filled.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("en")]
    public void Every_rule_says_what_is_wrong_and_what_to_do(string culture)
    {
        var language = CultureInfo.GetCultureInfo(culture);
        foreach (var rule in ImportRules.All)
        {
            var error = new ImportError(rule, ["a", "b", "c"], "budget.csv", 7, "日期", "x");
            ImportMessages.Problem(error, language).ShouldNotBeNullOrWhiteSpace();
            ImportMessages.Advice(error, language).ShouldNotBeNullOrWhiteSpace();
        }

        var sample = new ImportError("I-date-outside-year", ["2024"], "budget.csv", 7, "日期", "2025-01-01");
        ImportMessages.Problem(sample, language).ShouldBe(culture == "en" ? "The date is not in 2024" : "日期不在 2024 年度内");
        ImportMessages.Place(sample, language).ShouldBe(culture == "en" ? "budget.csv line 7 column 日期" : "budget.csv 第 7 行 日期");
    }

    private static (string Rule, string File, int? Line, string? Column, string? Value) Single(BooksCopy copy)
    {
        var error = copy.Read().Errors.Listed.ShouldHaveSingleItem();
        return (error.RuleId, error.File, error.Line, error.Column, error.Value);
    }
}
