using System.Text.Json.Serialization;

namespace FinalAccounts.Ledger;

/// <summary>The budget that money belongs to (预算类别). Source: 预算法 第五条 and the column heads of 公开04.</summary>
public enum Fund
{
    /// <summary>General public budget.</summary>
    [JsonStringEnumMemberName("一般公共预算")]
    GeneralPublicBudget,

    /// <summary>Government-managed funds.</summary>
    [JsonStringEnumMemberName("政府性基金预算")]
    GovernmentFund,

    /// <summary>State capital operations.</summary>
    [JsonStringEnumMemberName("国有资本经营预算")]
    StateCapital,

    /// <summary>Social insurance funds; a department evaluates projects paid from them but does not book them as its own.</summary>
    [JsonStringEnumMemberName("社会保险基金预算")]
    SocialInsuranceFund,

    /// <summary>Money that is not appropriated by the treasury: 事业收入, 经营收入, 其他收入 and the like.</summary>
    [JsonStringEnumMemberName("其他资金")]
    Other,
}

/// <summary>What follows from the kind of a fund.</summary>
public static class Funds
{
    /// <summary>True for the budgets that make up 财政拨款: their money is appropriated by the treasury, item by item.</summary>
    public static bool IsFiscal(this Fund fund) => fund is Fund.GeneralPublicBudget or Fund.GovernmentFund or Fund.StateCapital;
}

/// <summary>What kind of spending it is; the columns of 公开03.</summary>
public enum SpendingKind
{
    [JsonStringEnumMemberName("基本支出")]
    Basic,

    [JsonStringEnumMemberName("项目支出")]
    Project,

    [JsonStringEnumMemberName("上缴上级支出")]
    RemittanceToSuperior,

    [JsonStringEnumMemberName("经营支出")]
    Operating,

    [JsonStringEnumMemberName("对附属单位补助支出")]
    SubsidyToAffiliate,
}

/// <summary>Where income comes from, and which income paid for an expenditure; the columns of 公开02.</summary>
public enum IncomeSource
{
    [JsonStringEnumMemberName("财政拨款收入")]
    FiscalAppropriation,

    [JsonStringEnumMemberName("上级补助收入")]
    SubsidyFromSuperior,

    [JsonStringEnumMemberName("事业收入")]
    Undertaking,

    [JsonStringEnumMemberName("经营收入")]
    Operating,

    [JsonStringEnumMemberName("附属单位上缴收入")]
    RemittanceFromAffiliate,

    [JsonStringEnumMemberName("其他收入")]
    Other,
}

/// <summary>What happens to spending beyond the available budget of an item (项) and fund; a region's choice.</summary>
public enum OverspendingPolicy
{
    [JsonStringEnumMemberName("拒绝")]
    Refuse,

    [JsonStringEnumMemberName("警告")]
    Warn,
}
