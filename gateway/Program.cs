using Grants.Gateway;

await GatewayHost.Build(args).RunAsync();
