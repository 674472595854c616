using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Link.Enrolment;

namespace FederatedOrleans.Site.Commands;

/// <summary>An enrolled hospital's files: kit, data, description and configuration. Its centre is nowhere.</summary>
internal sealed class NodeFiles : IDisposable
{
    private const string Description = """
        {
          "name": "toy", "files": ["toy.csv"],
          "features": [{"name": "age"}],
          "label": {"name": "ill", "target": "num > 0"},
          "split": {"testFraction": 0.5, "seed": 1}
        }
        """;

    private readonly TestFiles _files = new();

    public NodeFiles()
    {
        using var authority = CertificateAuthority.Init(In("ca"), "heart-study", TimeProvider.System);
        Invitation.Write(In("invitation.json"), "heart-study", "north", ["https://127.0.0.1:1"], authority.CertificatePem);
        LinkKit.Create(In("kit"), Invitation.Read(In("invitation.json")));
        LinkKit.InstallCertificate(
            In("kit"), Signed(authority, File.ReadAllText(Path.Combine(In("kit"), "request.pem"))), TimeProvider.System);
        _files.Write("toy.json", Description);
        _files.Write("toy.csv", "age,num\n40,0\n50,1\n60,0\n70,1\n");
        Configure(_ => { });
    }

    public string Configuration => In("node.json");

    public string Site => In("site");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public string In(string name) => Path.Combine(_files.Folder, name);

    public string Write(string name, string text) => _files.Write(name, text);

    /// <summary>Writes the configuration, changed.</summary>
    public void Configure(Action<JsonObject> change)
    {
        var configuration = new JsonObject
        {
            ["version"] = 1,
            ["kit"] = "kit",
            ["site"] = "site",
            ["data"] = ".",
            ["datasets"] = new JsonArray("toy.json"),
            ["siloPort"] = FreePort(),
        };
        change(configuration);
        _files.Write("node.json", configuration.ToJsonString());
    }

    public void Dispose() => _files.Dispose();

    private string Signed(CertificateAuthority authority, string request)
    {
        authority.Sign(request).Write(In("north.pem"));
        return File.ReadAllText(In("north.pem"));
    }
}
