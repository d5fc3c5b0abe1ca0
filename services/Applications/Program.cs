using Grants.Applications;
using Grants.Platform.Hosting;

await GrantsHost.RunAsync(args, [ApplicationsService.Definition]);
