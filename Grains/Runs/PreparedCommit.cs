using FederatedOrleans.Identity;

namespace FederatedOrleans.Runs;

/// <summary>The manifest of an attempt that is about to be committed. It is stored, and until the run's state names it, it says nothing.</summary>
/// <param name="Commit">What it was made of.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="Digest">Its digest.</param>
internal sealed record PreparedCommit(CommitRound Commit, RoundManifest Manifest, ContentDigest Digest)
{
    // It says when the commit was, which a write that takes its time must not make untrue: then it is made anew.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Whether it is the manifest of this commit, now.</summary>
    public bool IsFor(CommitRound commit, DateTimeOffset now) =>
        (now - Manifest.CommittedAt).Duration() < Longest
        && Commit with { Participants = commit.Participants, LeftOut = commit.LeftOut } == commit
        && Commit.Participants.SequenceEqual(commit.Participants)
        && Commit.LeftOut.SequenceEqual(commit.LeftOut);
}
