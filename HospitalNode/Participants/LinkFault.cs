using System.Security.Authentication;

namespace FederatedOrleans.Site.Participants;

/// <summary>A failure in words for the node's log: what kind it was and what the innermost cause says of the connection.</summary>
/// <remarks>Only exceptions of the link and of files are quoted: another one's text might hold what must not be logged.</remarks>
internal static class LinkFault
{
    public static string Describe(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
            {
                return $"the centre could not be authenticated, or refused this hospital's certificate ({cause.Message})";
            }

            if (cause is System.Net.Sockets.SocketException or System.Net.Http.HttpRequestException { InnerException: null } or IOException { InnerException: null })
            {
                return cause.Message;
            }
        }

        return exception switch
        {
            Grpc.Core.RpcException { StatusCode: Grpc.Core.StatusCode.PermissionDenied } =>
                "the centre does not admit this hospital's key: ask its operator whether the hospital is enrolled, or revoked",
            Grpc.Core.RpcException rpc => $"{rpc.StatusCode}: {rpc.Status.Detail}",
            _ => exception.GetType().Name,
        };
    }
}
