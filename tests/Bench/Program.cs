using Grants.Bench;

// Run it in Release; two noisy cores are the reference.
switch (args)
{
    case []:
        await AllInOne.MeasureAsync();
        return 0;
    case ["apart"]:
        await Apart.MeasureAsync();
        return 0;
    default:
        Console.Error.WriteLine("Bench          the product in one process\nBench apart    the services apart: gateway, RabbitMQ, PostgreSQL");
        return 2;
}
