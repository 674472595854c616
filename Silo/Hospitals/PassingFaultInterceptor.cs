using Grpc.Core;
using Grpc.Core.Interceptors;

namespace FederatedOrleans.Hospitals;

/// <summary>Answers control calls that can't be answered now by Unavailable and a line in the log: the hospital asks the next silo of its list.</summary>
internal sealed class PassingFaultInterceptor(ILogger<PassingFaultInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (PassingFault.Is(exception))
        {
            throw Unavailable(exception, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception) when (PassingFault.Is(exception))
        {
            throw Unavailable(exception, context);
        }
    }

    private RpcException Unavailable(Exception exception, ServerCallContext context)
    {
        HospitalLinkLog.Unanswered(logger, context.Method, PassingFault.Describe(exception));
        return new(new Status(StatusCode.Unavailable, "the centre can't answer now"));
    }
}
