using Grants.Gateway;

try
{
    await GatewayHost.Build(args).RunAsync();
    return 0;
}
catch (SettingsRefused e)
{
    // Whoever set it up wrongly reads sentences, not a stack of calls.
    using var log = LoggerFactory.Create(logging => logging.AddConsole());
    var logger = log.CreateLogger("Grants.Gateway");
    foreach (var problem in e.Message.Split('\n')) Refusal.Setting(logger, problem);
    return 1;
}

static partial class Refusal
{
    [LoggerMessage(EventId = 2102, Level = LogLevel.Critical, Message = "{Problem}")]
    public static partial void Setting(ILogger logger, string problem);
}
