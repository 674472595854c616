using System.Diagnostics;
using FederatedOrleans.Federations;

namespace FederatedOrleans.Faults;

/// <summary>The programs that serve a federation can't be told to crash, nor what time it is.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("silo", "FEDERATED_CRASH_AT", "that are to crash")]
    [InlineData("node", "FEDERATED_CRASH_AT", "that are to crash")]
    [InlineData("silo", "FEDERATED_CLOCK", "whose clocks are moved")]
    [InlineData("node", "FEDERATED_CLOCK", "whose clocks are moved")]
    public async Task A_program_refuses_to_start_where_it_is_told_to_fail(string program, string variable, string builds)
    {
        var start = new ProcessStartInfo(program == "silo" ? TestFiles.Silo : TestFiles.Node, ["run", "--config", "none.json"]);
        start.Environment[variable] = "anywhere";

        var result = await TestProgram.RunAsync(start, TimeSpan.FromMinutes(1));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            $"The environment variable {variable} is set, which is for test builds {builds}. Unset it to run this program.",
            Assert.Single(result.Sentences));
    }
}
