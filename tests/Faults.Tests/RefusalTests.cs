using System.Diagnostics;
using FederatedOrleans.Federations;

namespace FederatedOrleans.Faults;

/// <summary>The programs that serve a federation can't be told to crash.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("silo")]
    [InlineData("node")]
    public async Task A_program_refuses_to_start_where_it_is_told_to_crash(string program)
    {
        var start = new ProcessStartInfo(program == "silo" ? TestFiles.Silo : TestFiles.Node, ["run", "--config", "none.json"]);
        start.Environment["FEDERATED_CRASH_AT"] = "anywhere";

        var result = await TestProgram.RunAsync(start, TimeSpan.FromMinutes(1));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            "The environment variable FEDERATED_CRASH_AT is set, which is for test builds that are to crash. Unset it to run this program.",
            Assert.Single(result.Sentences));
    }
}
