using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FederatedOrleans.Centre;
using k8s;
using k8s.Models;

namespace FederatedOrleans.Hosting;

/// <summary>What deploy/ and docs/operations.md give people to copy is what Kubernetes and the Silo understand.</summary>
public sealed partial class DeploymentTests : IDisposable
{
    // Made by hand, as the first lines of silo.yaml say.
    private static readonly string[] HandMadeSecrets = ["fed-database", "fed-kit"];

    private static readonly IKubernetesObject[] Objects =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root(), "deploy", "kubernetes"), "*.yaml").Order(StringComparer.Ordinal)
            .SelectMany(path => KubernetesYaml.LoadAllFromString(File.ReadAllText(path), strict: true)).Cast<IKubernetesObject>(),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fo-deploy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_selector_means_the_silos_pods()
    {
        var labels = Pods().Metadata.Labels;
        IDictionary<string, string>[] selectors =
        [
            StatefulSet().Spec.Selector.MatchLabels,
            Objects.OfType<V1PodDisruptionBudget>().Single().Spec.Selector.MatchLabels,
            Objects.OfType<V1NetworkPolicy>().Single().Spec.PodSelector.MatchLabels,
            .. Objects.OfType<V1Service>().Select(service => service.Spec.Selector),
        ];

        Assert.Equal(5, selectors.Length);
        Assert.All(selectors, selector => Assert.All(selector, wanted => Assert.Equal(wanted.Value, labels[wanted.Key])));
    }

    [Fact]
    public void Every_name_that_a_pod_asks_for_is_there()
    {
        var pod = Pods().Spec;
        var volumes = pod.Volumes.Select(volume => volume.Name).ToHashSet(StringComparer.Ordinal);
        var mounted = pod.Containers.Concat(pod.InitContainers).SelectMany(container => container.VolumeMounts).Select(mount => mount.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(volumes.Order(StringComparer.Ordinal), mounted.Order(StringComparer.Ordinal));
        Assert.Equal(
            HandMadeSecrets,
            pod.Volumes.Select(volume => volume.Secret?.SecretName).OfType<string>().Order(StringComparer.Ordinal));
        Assert.All(
            pod.Volumes.Select(volume => volume.ConfigMap?.Name).OfType<string>(),
            name => Assert.Contains(Objects.OfType<V1ConfigMap>(), map => map.Metadata.Name == name));
        Assert.Contains(Objects.OfType<V1ServiceAccount>(), account => account.Metadata.Name == pod.ServiceAccountName);
        Assert.Equal(pod.ServiceAccountName, Objects.OfType<V1RoleBinding>().Single().Subjects.Single().Name);
        Assert.Equal(Objects.OfType<V1Role>().Single().Metadata.Name, Objects.OfType<V1RoleBinding>().Single().RoleRef.Name);
        Assert.Equal(Objects.OfType<V1Service>().Single(service => service.Spec.ClusterIP == "None").Metadata.Name, StatefulSet().Spec.ServiceName);
    }

    [Fact]
    public void The_silo_reads_the_configuration_of_the_manifest_and_listens_where_the_manifest_says()
    {
        var data = Objects.OfType<V1ConfigMap>().Single().Data;
        var configuration = Read(data["silo.json"], "database/pg.txt");

        Assert.True(configuration.IsInKubernetes);
        Assert.Equal(Path.Combine(_folder.FullName, "token.pub.pem"), configuration.TokenKey);
        Assert.Contains("token.pub.pem", data.Keys);
        var ports = Pods().Spec.Containers.Single().Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
        Assert.Equal(
            (configuration.Link.Port, configuration.Web.Port, configuration.SiloPort, configuration.GatewayPort),
            (ports["link"], ports["pages"], ports["silo"], ports["gateway"]));
    }

    [Fact]
    public void The_silo_reads_the_configuration_of_the_handbook()
    {
        var handbook = File.ReadAllText(Path.Combine(Root(), "docs", "operations.md"));
        var example = JsonBlock().Matches(handbook).Single().Groups["json"].Value;

        Assert.Equal("10.0.0.11", Read(example, "password.txt").Address.ToString());
    }

    private static V1StatefulSet StatefulSet() => Objects.OfType<V1StatefulSet>().Single();

    private static V1PodTemplateSpec Pods() => StatefulSet().Spec.Template;

    /// <summary>Reads a configuration beside a file of the database's secret.</summary>
    private SiloConfiguration Read(string json, string secret)
    {
        var secretPath = Path.Combine(_folder.FullName, secret);
        Directory.CreateDirectory(Path.GetDirectoryName(secretPath)!);
        File.WriteAllText(secretPath, secret.EndsWith("pg.txt", StringComparison.Ordinal) ? "Host=db.internal;Database=fed;Username=fed;Password=made-up" : "made-up");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(secretPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var path = Path.Combine(_folder.FullName, "silo.json");
        File.WriteAllText(path, json);
        return SiloConfigurationReader.ReadFile(path);
    }

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonBlock();
}
