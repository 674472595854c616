using System.CommandLine;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Cli.Provisioning;

/// <summary><c>fed ca</c>: the federation's certificate authority.</summary>
internal static class CaCommand
{
    public static Command Create(TimeProvider time) => new("ca", "The federation's certificate authority: a folder that belongs on no Silo.")
    {
        Init(time),
        Sign(time),
        Show(time),
    };

    private static Command Init(TimeProvider time)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A new folder for the authority." };
        var federation = new Option<string>("--federation") { Description = "The federation's id.", Required = true };
        return new Command("init", "Make the authority of a new federation.") { folder, federation }.Does((parsed, output) =>
        {
            using var authority = CertificateAuthority.Init(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(federation), time);
            output.WriteLine($"Made the authority of {authority.Federation}; it holds until {authority.NotAfter:u}.");
            output.WriteLine($"Fingerprint (tell it to each hospital by another way than the invitation): {authority.CertificateFingerprint}");
            output.WriteLine("Keep the folder off every Silo, and a copy of it in a safe place: who has ca.key can admit anyone.");
            output.WriteLine($"Next, on the Silo's machine: fed silo init FOLDER --federation {authority.Federation} --ca-cert ca.pem");
        });
    }

    private static Command Sign(TimeProvider time)
    {
        var request = new Argument<string>("REQUEST") { Description = "The request.pem that a hospital or the Silo sent." };
        var folder = new Option<string>("--ca") { Description = "The authority's folder.", Required = true };
        var output = new Option<string>("--out") { Description = "The new file for the certificate.", Required = true };
        var days = new Option<int>("--days")
        {
            Description = $"How long the certificate holds, 1 to {CertificateAuthority.MaxLifetime.TotalDays:F0} days.",
            DefaultValueFactory = _ => (int)CertificateAuthority.DefaultLifetime.TotalDays,
        };
        days.Validators.Add(result =>
        {
            // What is no number at all, the parser itself refuses.
            if (result.Tokens is [var token, ..] && int.TryParse(token.Value, out var number)
                && (number < 1 || number > CertificateAuthority.MaxLifetime.TotalDays))
            {
                result.AddError($"--days is a number from 1 to {CertificateAuthority.MaxLifetime.TotalDays:F0}.");
            }
        });
        var hospital = new Option<string>("--hospital") { Description = "The hospital that the request must be for." };
        var silo = new Option<bool>("--silo") { Description = "The request must be for the Silo; needed to sign for it." };
        var command = new Command("sign", "Issue a certificate for a request.") { request, folder, output, days, hospital, silo };
        command.Validators.Add(result =>
        {
            if (result.GetValue(silo) && result.GetValue(hospital) is not null)
            {
                result.AddError("--silo and --hospital exclude each other.");
            }
        });
        return command.Does((parsed, text) =>
        {
            var path = parsed.GetRequiredValue(output);
            if (Path.Exists(path))
            {
                throw new EnrolmentException($"{path} exists, and nothing is ever overwritten.");
            }

            using var authority = CertificateAuthority.Load(parsed.GetRequiredValue(folder), time);
            var pem = File.ReadAllText(parsed.GetRequiredValue(request));
            var lifetime = TimeSpan.FromDays(parsed.GetValue(days));
            var expected = Expected(authority.Federation, parsed.GetValue(hospital), parsed.GetValue(silo));
            var issued = expected is null ? authority.SignForHospital(pem, lifetime) : authority.Sign(pem, lifetime, expected);
            issued.Write(path);
            text.WriteLine($"Signed for {issued.Identity.Name}, until {issued.Identity.NotAfter:u}: {path}");
            text.WriteLine($"Fingerprint of its key: {issued.Identity.PublicKeyFingerprint}");
            text.WriteLine(issued.Identity.Role == LinkRole.Silo
                ? "Next, on the Silo's machine: fed silo install FOLDER CERT"
                : $"Make sure that {issued.Identity.HospitalId} sent the request, then send the file back. There: fed-node install CERT --kit FOLDER");
        });
    }

    private static Command Show(TimeProvider time)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The authority's folder." };
        return new Command("show", "Tell the authority's fingerprint.") { folder }.Does((parsed, output) =>
        {
            using var authority = CertificateAuthority.Load(parsed.GetRequiredValue(folder), time);
            output.WriteLine($"Federation:  {authority.Federation}");
            output.WriteLine($"Fingerprint: {authority.CertificateFingerprint}");
            output.WriteLine($"Holds until: {authority.NotAfter:u}");
        });
    }

    private static LinkName? Expected(string federation, string? hospital, bool silo) => hospital switch
    {
        null => silo ? LinkName.Silo(federation) : null,
        _ when LinkName.TryHospital(federation, hospital, out var name) => name,
        _ => throw new EnrolmentException($"'{hospital}' is not a hospital's id."),
    };
}
