using FederatedOrleans.Link.Certificates;

namespace FederatedOrleans.Link.Enrolment;

/// <summary>A certificate that the authority signed.</summary>
/// <param name="Identity">Whom it names, with its key and its time.</param>
/// <param name="Serial">Its serial number in hexadecimal digits.</param>
/// <param name="Pem">The certificate.</param>
public sealed record IssuedCertificate(LinkIdentity Identity, string Serial, string Pem)
{
    /// <summary>Writes the certificate to a new file.</summary>
    /// <exception cref="EnrolmentException">The file exists, or can't be written.</exception>
    public void Write(string path) => EnrolmentFiles.WriteNew(path, Pem, EnrolmentFiles.Shared);
}
