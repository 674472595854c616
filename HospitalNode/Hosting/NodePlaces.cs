using System.Net;
using FederatedOrleans.Link.Certificates;
using FederatedOrleans.Storage;

namespace FederatedOrleans.Site.Hosting;

/// <summary>What a node takes of its machine: its folder and its port.</summary>
internal static class NodePlaces
{
    /// <summary>Whose the node's folder is, as its marker says.</summary>
    public static string OwnerOf(LinkName name) => $"site of {name.HospitalId} in {name.Federation}";

    /// <summary>Sentences for ports that are taken.</summary>
    public static IEnumerable<string> PortFaults(NodeConfiguration configuration) =>
        PortCheck.Faults([("the node's own silo", new IPEndPoint(IPAddress.Loopback, configuration.SiloPort))]);

    /// <summary>Sentences for everything that would keep the node from starting. Nothing is left behind.</summary>
    /// <remarks>A folder in use is the node at work: then the port is taken too, as it should be.</remarks>
    public static IEnumerable<string> Faults(NodeConfiguration configuration, LinkName name)
    {
        string? fault = null;
        if (configuration.Site.Length > 0)
        {
            try
            {
                DataFolder.Probe(configuration.Site, OwnerOf(name));
            }
            catch (DataFolderException exception) when (exception.IsInUse)
            {
                return [];
            }
            catch (DataFolderException exception)
            {
                fault = exception.Message;
            }
        }

        return [.. fault is null ? [] : new[] { fault }, .. PortFaults(configuration)];
    }
}
