using Grants.Accounts;
using Grants.Platform.Hosting;

await GrantsHost.RunAsync(args, [AccountsService.Definition]);
