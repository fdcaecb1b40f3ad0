using System.Text.Json;
using System.Text.Json.Serialization;

namespace FinalAccounts.Regions.Simulation;

/// <summary>What is simulated when nothing else is asked for: <c>defaults.json</c> beside this file.</summary>
/// <param name="Departments">How many there are.</param>
/// <param name="FirstYear">The years are those from this one to the last; there must be charts of accounts of them.</param>
/// <param name="Postings">Vouchers of expenditure of a department in a year, on average.</param>
/// <param name="Form">The form pack that the years are opened with.</param>
public sealed record SimulationDefaults(int Departments, int FirstYear, int LastYear, int Postings, ulong Seed, string Form)
{
    private const string Resource = "Simulation/defaults.json";

    /// <summary>The years as <c>fa simulate --years</c> takes them.</summary>
    public string Years => FormattableString.Invariant($"{FirstYear}-{LastYear}");

    /// <summary>Reads them.</summary>
    public static SimulationDefaults Load()
    {
        using var stream = typeof(SimulationDefaults).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize(stream, SimulationDefaultsJson.Default.SimulationDefaults)!;
    }
}

[JsonSerializable(typeof(SimulationDefaults))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true)]
internal sealed partial class SimulationDefaultsJson : JsonSerializerContext;
