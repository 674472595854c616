using System.CommandLine;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.HospitalNode.Enrolment;

/// <summary><c>fed-node enroll</c>: from an invitation to a request for a certificate.</summary>
internal static class EnrollCommand
{
    public static Command Create()
    {
        var invitation = new Argument<string>("INVITATION") { Description = "The file that the federation's operator sent." };
        var folder = new Option<string>("--kit") { Description = "A new folder for the hospital's identity.", Required = true };
        var fingerprint = new Option<string>("--ca-fingerprint")
        {
            Description = "The authority's fingerprint, as the operator told it by another way.",
        };
        return new Command("enroll", "Make this hospital's key, which stays here, and a request for its certificate.") { invitation, folder, fingerprint }
            .Does((parsed, output) =>
            {
                var read = Invitation.Read(parsed.GetRequiredValue(invitation));
                var kit = parsed.GetRequiredValue(folder);
                var told = parsed.GetValue(fingerprint);
                var request = LinkKit.Create(kit, read, told);
                output.WriteLine($"Made the key of {read.Hospital}, which stays in {kit}.");
                if (told is null)
                {
                    output.WriteLine("Before you go on, compare the authority's fingerprint with the one that the operator told you by another way:");
                    output.WriteLine(read.AuthorityFingerprint);
                }

                output.WriteLine($"Next: send {request} to the federation's operator, and nothing else of the folder.");
                output.WriteLine($"When the certificate comes back: fed-node install CERT --kit {kit}");
            });
    }
}
