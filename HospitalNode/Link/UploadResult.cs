namespace FederatedOrleans.Site.Link;

/// <summary>How an upload ended.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Epoch">The current epoch.</param>
/// <param name="Reason">Why refused.</param>
internal sealed record UploadResult(UploadVerdict Verdict, long Epoch, string? Reason = null);
