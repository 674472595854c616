using System.CommandLine;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.HospitalNode.Enrolment;

/// <summary><c>fed-node install</c>: puts the certificate that came back into the kit.</summary>
internal static class InstallCommand
{
    public static Command Create(TimeProvider time)
    {
        var certificate = new Argument<string>("CERT") { Description = "The certificate that the federation's operator sent back." };
        var folder = new Option<string>("--kit") { Description = "The kit's folder.", Required = true };
        return new Command("install", "Put the certificate that came back into the hospital's kit.") { certificate, folder }
            .Does((parsed, output) =>
            {
                var pem = File.ReadAllText(parsed.GetRequiredValue(certificate));
                var identity = LinkKit.InstallCertificate(parsed.GetRequiredValue(folder), pem, time);
                output.WriteLine($"Installed: this is {identity.Name} until {identity.NotAfter:u}. The kit is ready for use.");
            });
    }
}
