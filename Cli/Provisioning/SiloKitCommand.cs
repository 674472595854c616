using System.CommandLine;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Cli.Provisioning;

/// <summary><c>fed silo</c>: the Silo's identity on the link.</summary>
internal static class SiloKitCommand
{
    public static Command Create(TimeProvider time) => new("silo", "The Silo's identity: made on the machine where the Silo will run.")
    {
        Init(),
        Install(time),
    };

    private static Command Init()
    {
        var folder = new Argument<string>("FOLDER") { Description = "A new folder for the kit." };
        var federation = new Option<string>("--federation") { Description = "The federation's id.", Required = true };
        var authority = new Option<string>("--ca-cert") { Description = "The authority's ca.pem.", Required = true };
        return new Command("init", "Make the Silo's key and its request for a certificate.") { folder, federation, authority }
            .Does((parsed, output) =>
            {
                var kit = parsed.GetRequiredValue(folder);
                var pem = File.ReadAllText(parsed.GetRequiredValue(authority));
                var request = LinkKit.CreateForSilo(kit, parsed.GetRequiredValue(federation), pem);
                output.WriteLine($"Made the Silo's key, which stays in {kit}, and its request: {request}");
                output.WriteLine($"Next, where the authority is: fed ca sign {request} --silo --ca FOLDER --out silo.pem");
                output.WriteLine($"Then, here: fed silo install {kit} silo.pem");
            });
    }

    private static Command Install(TimeProvider time)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The kit's folder." };
        var certificate = new Argument<string>("CERT") { Description = "The certificate that the authority issued." };
        return new Command("install", "Put the certificate into the Silo's kit.") { folder, certificate }.Does((parsed, output) =>
        {
            var pem = File.ReadAllText(parsed.GetRequiredValue(certificate));
            var identity = LinkKit.InstallCertificate(parsed.GetRequiredValue(folder), pem, time);
            output.WriteLine($"Installed: this is {identity.Name} until {identity.NotAfter:u}.");
        });
    }
}
