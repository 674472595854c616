namespace FederatedOrleans.Site.Commands;

/// <summary><c>fed-node approve</c>.</summary>
public sealed class ApproveCommandTests : IDisposable
{
    private static readonly string Digest = new('a', 64);
    private readonly NodeFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task An_approval_by_digest_is_given_listed_and_withdrawn()
    {
        var id = $"toy.{Digest[..16]}";
        var (given, output, _) = await RunAsync("--digest", Digest, "--dataset", "toy");
        Assert.Equal((0, $"approved: {id}"), (given, output.Trim()));

        var (listed, list, _) = await RunAsync("--list");
        Assert.Equal(0, listed);
        Assert.StartsWith($"{id}: the plan {Digest} on toy by logistic-regression, given ", list, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("--withdraw", id)).ExitCode);
        Assert.Equal("", (await RunAsync("--list")).Output);
        var (again, _, error) = await RunAsync("--withdraw", id);
        Assert.Equal(1, again);
        Assert.Contains($"There is no approval {id}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_say_exactly_one_thing_is_refused()
    {
        Assert.Equal(1, (await RunAsync()).ExitCode);
        Assert.Equal(1, (await RunAsync("--digest", Digest, "--name", "study", "--dataset", "toy")).ExitCode);
        Assert.Equal(1, (await RunAsync("--digest", Digest.ToUpperInvariant(), "--dataset", "toy")).ExitCode);
        Assert.Equal(1, (await RunAsync("--digest", Digest)).ExitCode);
        Assert.Equal("", (await RunAsync("--list")).Output);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        NodeProgram.RunAsync(["approve", "--config", _files.Configuration, .. arguments]);
}
