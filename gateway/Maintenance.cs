using Grants.Platform.Edge;
using Grants.Platform.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Grants.Gateway;

/// <summary>While a service is away people read so, and which part it is, instead of an empty page; everything else goes on working.</summary>
sealed partial class Maintenance(RequestDelegate next, ILogger<Maintenance> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var part = Routes.ServiceFor(context.Request.Path);
        var arrived = false;
        try
        {
            await next(context);
            if (context.GetForwarderErrorFeature() is { } failure && !context.RequestAborted.IsCancellationRequested)
            {
                arrived = !Replicas.NeverArrived(failure);
                Log.NoAnswer(logger, part ?? "", failure.Error, failure.Exception?.Message ?? "");
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            // Who is asking could not be found out. Nobody is signed out by that: the browser keeps its session.
            Log.NoExchange(logger, e.Message);
            part = "accounts";
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }

        if (context.Response.HasStarted || context.Response.ContentType is not null) return;
        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout:
                await EdgeAnswer.WriteAwayAsync(context, part, arrived);
                break;
            case StatusCodes.Status404NotFound:
                await EdgeAnswer.WriteAsync(context, StatusCodes.Status404NotFound);
                break;
            default:
                break;
        }
    }

    static partial class Log
    {
        [LoggerMessage(EventId = 2101, Level = LogLevel.Error, Message = "Accounts could not be asked who a session belongs to: {Reason}")]
        public static partial void NoExchange(ILogger logger, string reason);

        [LoggerMessage(EventId = 2105, Level = LogLevel.Warning, Message = "{Service} did not answer a request: {Failure} {Reason}")]
        public static partial void NoAnswer(ILogger logger, string service, ForwarderError failure, string reason);
    }
}
