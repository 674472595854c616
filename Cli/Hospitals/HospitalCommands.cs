using System.CommandLine;
using FederatedOrleans.Cli.Output;
using FederatedOrleans.Cli.Runs;
using FederatedOrleans.Hospitals;
using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Cli.Hospitals;

/// <summary><c>fed hospital</c>: who takes part.</summary>
internal static class HospitalCommands
{
    public static Command Create(CliContext context, CentreOption centre) => new("hospital", "Invite, admit, list and revoke hospitals.")
    {
        List(context, centre),
        Invite(context, centre),
        Admit(context, centre),
        Revoke(context, centre),
    };

    private static Command List(CliContext context, CentreOption centre)
    {
        var json = CommonOptions.Json();
        return new Command("list", "List hospitals.") { json }.Does(context, async (parsed, cancellationToken) =>
        {
            await using var client = await centre.ConnectAsync(parsed, cancellationToken);
            var hospitals = await client.HospitalsAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Output.Json(hospitals);
                return ExitCodes.Ok;
            }

            context.Output.Table(
                ["hospital", "standing", "attending", "last seen", "hours", "node", "datasets", "keys"],
                hospitals.Select(hospital => (string?[])
                [
                    hospital.Hospital,
                    hospital.Standing.ToString().ToLowerInvariant(),
                    hospital.Attending ? "yes" : "no",
                    hospital.LastSeen is { } seen ? RunReport.Time(seen) : "-",
                    Hours(hospital),
                    hospital.NodeVersion ?? "-",
                    string.Join(", ", hospital.Datasets.Select(dataset => dataset.Name)),
                    string.Join(", ", hospital.KeyFingerprints.Select(fingerprint => fingerprint[..Math.Min(12, fingerprint.Length)])),
                ]));
            return ExitCodes.Ok;
        });
    }

    private static string Hours(HospitalView hospital) =>
        hospital.Availability is null ? "-"
        : hospital.IsOpen ? "open now"
        : hospital.OpensAt is { } opens ? $"opens at {RunReport.Time(opens)}"
        : "closed";

    private static Command Invite(CliContext context, CentreOption centre)
    {
        var hospital = CommonOptions.Id("ID", "The hospital's id.");
        var file = new Option<string?>("--out", "-o") { Description = "The invitation file to write for the hospital.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var command = new Command("invite", "Put a hospital on the list and write its invitation.") { hospital, file, json };
        foreach (var option in context.Invitations?.Options ?? [])
        {
            command.Add(option);
        }

        return command.Does(context, async (parsed, cancellationToken) =>
        {
            var (id, connection) = (parsed.GetRequiredValue(hospital), centre.Get(parsed));
            var path = parsed.GetValue(file) ?? $"{id}.invitation.json";
            if (context.Invitations is not null && File.Exists(path))
            {
                throw new FederationException($"{path} is there already and is never overwritten: name another with --out.");
            }

            await using var client = await centre.ConnectAsync(parsed, cancellationToken);
            await client.InviteHospitalAsync(id, cancellationToken);
            var asJson = parsed.GetValue(json);
            if (!asJson)
            {
                // Before the invitation is written, which may fail.
                context.Output.Line($"{id} invited");
            }

            if (context.Invitations is not null)
            {
                await context.Invitations.WriteAsync(connection.Federation, id, path, parsed, cancellationToken);
            }

            var written = context.Invitations is null ? null : path;
            context.Output.Done(
                asJson, new { Hospital = id, Done = "invited", File = written }, written is null ? [] : [$"send the hospital {written}"]);
            return ExitCodes.Ok;
        });
    }

    private static Command Admit(CliContext context, CentreOption centre)
    {
        var hospital = CommonOptions.Id("ID", "The hospital's id.");
        var certificate = new Argument<string>("CERT") { Description = "The hospital's certificate, a PEM file." };
        var json = CommonOptions.Json();
        return new Command("admit", "Admit the key of an invited hospital's certificate.") { hospital, certificate, json }.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                var id = parsed.GetRequiredValue(hospital);
                var expected = LinkName.Hospital(centre.Get(parsed).Federation, id);
                var key = CertificateKey.Read(parsed.GetRequiredValue(certificate), expected, context.Time.GetUtcNow());
                await using var client = await centre.ConnectAsync(parsed, cancellationToken);
                await client.AdmitHospitalAsync(id, key, cancellationToken);
                context.Output.Done(
                    parsed.GetValue(json),
                    new { Hospital = id, Done = "admitted", key.Fingerprint, key.NotAfter },
                    $"{id} admitted with the key {key.Fingerprint} until {RunReport.Time(key.NotAfter)}");
                return ExitCodes.Ok;
            });
    }

    private static Command Revoke(CliContext context, CentreOption centre)
    {
        var hospital = CommonOptions.Id("ID", "The hospital's id.");
        var json = CommonOptions.Json();
        return new Command("revoke", "Revoke a hospital: nothing it holds is accepted any more.") { hospital, json }.Does(
            context,
            async (parsed, cancellationToken) =>
            {
                var id = parsed.GetRequiredValue(hospital);
                await using var client = await centre.ConnectAsync(parsed, cancellationToken);
                await client.RevokeHospitalAsync(id, cancellationToken);
                context.Output.Done(parsed.GetValue(json), new { Hospital = id, Done = "revoked" }, $"{id} revoked");
                return ExitCodes.Ok;
            });
    }
}
