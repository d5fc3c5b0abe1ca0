using Grants.Applications.Domain;
using Grants.Platform.Http;

namespace Grants.Applications.Features.Calls;

/// <summary>The JSON Schema of call definitions, for editors and for programs that write them.</summary>
public static class ShowSchema
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/calls/schema", Handle).Public();

    static IResult Handle() => Results.Text(DefinitionShape.Schema, "application/schema+json");
}
