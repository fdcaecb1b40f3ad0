namespace FinalAccounts.Server.Access;

/// <summary>
/// The right that a route or a page needs, over the region and the department that its route values <c>region</c> and
/// <c>department</c> name. A route without it is refused to everybody.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(Right right) : Attribute
{
    /// <summary>The route value that names the region: 6 digits.</summary>
    public const string RegionValue = "region";

    /// <summary>The route value that names the department, by its code.</summary>
    public const string DepartmentValue = "department";

    public Right Right { get; } = right;
}

/// <summary>Says on a route what it needs.</summary>
public static class NeedsConvention
{
    public static TBuilder Needs<TBuilder>(this TBuilder builder, Right right)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new NeedsAttribute(right));
}
