using Grants.Notifications;
using Grants.Platform.Hosting;

await GrantsHost.RunAsync(args, [NotificationsService.Definition]);
