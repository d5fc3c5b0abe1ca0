await Grants.Platform.Hosting.GrantsHost.RunAsync(args, [Grants.Reviews.ReviewsService.Definition]);
