await Grants.Platform.Hosting.GrantsHost.RunAsync(args, [Grants.Disbursements.DisbursementsService.Definition]);
