await Grants.AllInOne.Host.RunAsync(args);
