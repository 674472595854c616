using System.Text.Json;

namespace FederatedOrleans.Site.Approvals;

/// <summary>Approvals as files, read anew at each question: a file removed is an approval withdrawn.</summary>
internal sealed class ApprovalFolder(string folder) : IApprovals
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <inheritdoc/>
    public bool IsApproved(string hospital, string dataset, AskedPlan plan) => List().Any(entry => entry.Approval.Covers(dataset, plan));

    /// <summary>All approvals that can be read; a file that can't be read approves nothing.</summary>
    public IEnumerable<(string Id, Approval Approval)> List()
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            Approval? approval;
            try
            {
                approval = JsonSerializer.Deserialize<Approval>(File.ReadAllBytes(path), Format);
            }
            catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (approval is { Version: 1 })
            {
                yield return (Path.GetFileNameWithoutExtension(path), approval);
            }
        }
    }

    /// <summary>Gives an approval; its id names the file.</summary>
    public string Give(Approval approval)
    {
        Directory.CreateDirectory(folder);
        var id = $"{approval.Dataset}.{(approval.PlanDigest is { } digest ? digest.Hex[..16] : approval.PlanName)}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var part = Path.Combine(folder, id + ".part");
        using (var stream = new FileStream(part, options))
        {
            JsonSerializer.Serialize(stream, approval, Format);
            stream.Flush(flushToDisk: true);
        }

        File.Move(part, Path.Combine(folder, id + ".json"), overwrite: true);
        return id;
    }

    /// <summary>Withdraws an approval. False where there is none of that id.</summary>
    public bool Withdraw(string id)
    {
        var path = Path.Combine(folder, Path.GetFileName(id) + ".json");
        var isThere = File.Exists(path);
        File.Delete(path);
        return isThere;
    }
}
