using Grants.Contracts;
using Grants.Platform.Messaging;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Hosting;

/// <summary>
/// What a host needs to run one service: its database, what it listens to, its routes. A service's <c>XService.Definition</c> is its table of contents.
/// The same definition runs alone (<c>services/X</c>) and composed (<c>services/AllInOne</c>).
/// </summary>
public sealed class ServiceDefinition
{
    readonly List<Subscription> subscriptions = [];
    readonly List<Action<IServiceCollection>> registrations = [];
    readonly List<Action<IEndpointRouteBuilder>> routes = [];

    ServiceDefinition(string name, Type db, Type sqlite, Type postgres)
    {
        Name = name;
        DbType = db;
        SqliteDbType = sqlite;
        PostgresDbType = postgres;
    }

    /// <summary>Lower-case name: prefix of queue names, name of the database.</summary>
    public string Name { get; }

    /// <summary>The context the service's code asks for.</summary>
    public Type DbType { get; }

    /// <summary>Empty subclass that owns the SQLite migrations.</summary>
    public Type SqliteDbType { get; }

    /// <summary>Empty subclass that owns the PostgreSQL migrations.</summary>
    public Type PostgresDbType { get; }

    /// <summary>What the service listens to.</summary>
    public IReadOnlyList<Subscription> Subscriptions => subscriptions;

    /// <summary>Begins a definition.</summary>
    public static ServiceDefinition For<TDb, TSqlite, TPostgres>(string name)
        where TDb : DbContext where TSqlite : TDb where TPostgres : TDb => new(name, typeof(TDb), typeof(TSqlite), typeof(TPostgres));

    /// <summary>Listens: one queue for this handler, named from the service and the handler; that name is its inbox key and may never change.</summary>
    public ServiceDefinition Subscribe<TMessage, THandler>() where TMessage : class, IEvent where THandler : class, IHandle<TMessage>
    {
        subscriptions.Add(Subscription.Of<TMessage, THandler>(Name, DbType));
        return this;
    }

    /// <summary>Registers what the service's handlers need besides the platform.</summary>
    public ServiceDefinition With(Action<IServiceCollection> register)
    {
        registrations.Add(register);
        return this;
    }

    /// <summary>Adds routes; each must name its access rule.</summary>
    public ServiceDefinition Map(params Action<IEndpointRouteBuilder>[] map)
    {
        routes.AddRange(map);
        return this;
    }

    internal void Register(IServiceCollection services) => registrations.ForEach(register => register(services));

    /// <summary>Maps the routes of the service.</summary>
    public void MapRoutes(IEndpointRouteBuilder root) => routes.ForEach(map => map(root));
}
