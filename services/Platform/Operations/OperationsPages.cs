using System.Reflection;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Operations;

/// <summary>The pages on which operators see what a service's messages do and put right what went wrong: the same for every service, under <c>/operations/{service}</c>.</summary>
public static class OperationsPages
{
    const string Relation = "administrator everywhere";

    /// <summary>Maps the pages of one service.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServiceDefinition service)
    {
        var group = routes.MapGroup($"/operations/{service.Name}").WithMetadata(service).ForEverywhere();
        group.MapGet("", ShowService.Handle);
        group.MapGet("/letters", ListDeadLetters.Handle);
        group.MapGet("/letters/{id:guid}", ShowDeadLetter.Handle);
        group.MapPost("/letters/{id:guid}/retry", RetryDeadLetter.Handle);
        group.MapPost("/letters/{id:guid}/resolution", ResolveDeadLetter.Handle);
        group.MapGet("/differences", ListDifferences.Handle);
        group.MapGet("/parked", ListParked.Handle);
        group.MapPost("/parked/{messageId:guid}/release", ReleaseParked.Handle);
    }

    /// <summary>Maps the page that leads to all services. One service has it, since where services run apart none sees the others: they are plain links.</summary>
    public static void MapIndex(IEndpointRouteBuilder routes) => routes.MapGroup("/operations").ForEverywhere().MapGet("", () => Pages.Show<OperationsPage>());

    // An administrator of one programme has no business with what all programmes share.
    static RouteGroupBuilder ForEverywhere(this RouteGroupBuilder group) => group.ForRoles(Relation, Role.Administrator)
        .AddEndpointFilter(async (context, next) => Caller.From(context.HttpContext.User).HoldsEverywhere(Role.Administrator) ? await next(context) : Pages.NotFound());
}

/// <summary>The service a page is about. Bind it as a parameter of a handler.</summary>
/// <param name="Definition">The service.</param>
/// <param name="Db">Its database.</param>
public sealed record ServiceInView(ServiceDefinition Definition, DbContext Db)
{
    /// <summary>Its name in addresses.</summary>
    public string Name => Definition.Name;

    /// <summary>Leads to one of its pages, given from its first page on: <c>/letters?done=resolved</c>.</summary>
    public IResult To(string page) => Results.LocalRedirect($"/operations/{Name}{page}");

    /// <summary>Lets minimal-API handlers take a <see cref="ServiceInView"/> parameter.</summary>
    public static ValueTask<ServiceInView?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var definition = context.GetEndpoint()!.Metadata.GetRequiredMetadata<ServiceDefinition>();
        return ValueTask.FromResult<ServiceInView?>(new(definition, (DbContext)context.RequestServices.GetRequiredService(definition.DbType)));
    }
}
