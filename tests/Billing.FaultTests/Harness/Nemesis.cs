
namespace Billing.FaultTests.Harness;

/// <summary>Two services, and all that can happen to them and to what they stand on. It also starts again what has died, as any supervisor does.</summary>
sealed class Nemesis
{
    static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(4);

    readonly ServersStack _stack;
    readonly PrivateServers _servers;
    readonly ServiceProcess[] _instances = new ServiceProcess[2];

    Nemesis(ServersStack stack)
    {
        _stack = stack;
        _servers = stack.Servers;
        Faults =
        [
            ("a service is killed", _ => Kill(Instance())),
            ("both services are killed", _ => Task.WhenAll(_instances.Select(Kill))),
            ("a service is told to stop", _ => Instance().Terminate(TimeSpan.FromSeconds(30))),
            ("a service stands still", StandStill),
            ("PostgreSQL is killed", lasting => Without(PrivateServers.Postgres, _servers.Kill, _servers.Start, lasting)),
            ("PostgreSQL is stopped", lasting => Without(PrivateServers.Postgres, _servers.Stop, _servers.Start, lasting)),
            ("PostgreSQL stands still", lasting => Without(PrivateServers.Postgres, _servers.Pause, _servers.Resume, lasting)),
            ("PostgreSQL is silent", lasting => On(stack.Wires.Postgres, wire => wire.Silence(), lasting)),
            ("PostgreSQL refuses", lasting => On(stack.Wires.Postgres, wire => wire.Refuse(), lasting)),
            ("PostgreSQL is slow", lasting => On(stack.Wires.Postgres, wire => wire.Delay(TimeSpan.FromMilliseconds(Chance.Next(5, 100))), lasting)),
            ("PostgreSQL is cut off", lasting => On(stack.Wires.Postgres, wire => wire.CutAfter(Chance.Next(1, 20_000)), lasting)),
            ("all accounts are locked", lasting => stack.ExecuteAsAdmin($"begin; lock table ledger.account in exclusive mode; select pg_sleep({(int)lasting.TotalSeconds}); commit")),
            ("the broker is killed", lasting => Without(PrivateServers.RabbitMq, _servers.Kill, _servers.Start, lasting)),
            ("the broker is silent", lasting => On(stack.Wires.RabbitMq, wire => wire.Silence(), lasting)),
            ("the broker refuses", lasting => On(stack.Wires.RabbitMq, wire => wire.Refuse(), lasting)),
            ("the broker is slow", lasting => On(stack.Wires.RabbitMq, wire => wire.Delay(TimeSpan.FromMilliseconds(Chance.Next(5, 100))), lasting)),
            ("the broker is cut off", lasting => On(stack.Wires.RabbitMq, wire => wire.CutAfter(Chance.Next(1, 100_000)), lasting)),
            ("Redis is killed", lasting => Without(PrivateServers.Redis, _servers.Kill, _servers.Start, lasting)),
            ("Redis is silent", lasting => On(stack.Wires.Redis, wire => wire.Silence(), lasting)),
            ("Redis is slow", lasting => On(stack.Wires.Redis, wire => wire.Delay(TimeSpan.FromMilliseconds(Chance.Next(5, 100))), lasting)),
            ("Redis is cut off", lasting => On(stack.Wires.Redis, wire => wire.CutAfter(Chance.Next(1, 5_000)), lasting)),
        ];
    }

    /// <summary>Each by its name; it returns when it is over and healed.</summary>
    public IReadOnlyList<(string Name, Func<TimeSpan, Task> Strike)> Faults { get; }

    Random Chance => _stack.Chance;

    /// <summary>Takes over the service that runs, and starts a second one.</summary>
    public static async Task<Nemesis> Of(ServersStack stack)
    {
        var nemesis = new Nemesis(stack);
        nemesis._instances[0] = stack.Service;
        nemesis._instances[1] = stack.StartService(another: true);
        await nemesis._instances[1].Ready();
        return nemesis;
    }

    public async Task Strike(string name, TimeSpan lasting)
    {
        _stack.Note($"{name}, {lasting.TotalSeconds:0.0} s");
        await Faults.Single(fault => fault.Name == name).Strike(lasting);
        Revive();
    }

    public async Task StrikeAtRandom()
    {
        var (name, _) = Faults[Chance.Next(Faults.Count)];
        await Strike(name, TimeSpan.FromSeconds(1 + 6 * Chance.NextDouble()));
    }

    /// <summary>Every service lives and is ready.</summary>
    public async Task Rest()
    {
        _stack.Wires.Heal();
        await Eventually.That("both services are ready", async () =>
        {
            Revive();
            var health = await Task.WhenAll(_instances.Select(service => service.Health("ready")));
            return string.Join(", ", health.Select(status => status?.ToString() ?? "none"));
        }, health => health == "OK, OK", ReadyWithin);
    }

    void Revive()
    {
        for (var number = 0; number < _instances.Length; number++)
        {
            if (_instances[number].IsAlive) continue;
            _stack.Note($"service {number + 1} is started again");
            _instances[number] = _stack.StartService(another: number > 0);
        }
    }

    ServiceProcess Instance() => _instances[Chance.Next(_instances.Length)];

    static Task Kill(ServiceProcess service) => service.IsAlive ? service.Kill() : Task.CompletedTask;

    async Task StandStill(TimeSpan lasting)
    {
        var service = Instance();
        service.Pause();
        await Task.Delay(lasting);
        service.Resume();
    }

    static async Task Without(string server, Func<string, Task> begin, Func<string, Task> end, TimeSpan lasting)
    {
        await begin(server);
        await Task.Delay(lasting);
        await end(server);
    }

    static async Task On(Wire wire, Action<Wire> begin, TimeSpan lasting)
    {
        begin(wire);
        await Task.Delay(lasting);
        wire.Heal();
    }
}
