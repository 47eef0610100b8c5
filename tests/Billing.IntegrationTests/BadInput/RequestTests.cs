using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.TestSupport.Broker;
using Billing.TestSupport.Doors;

namespace Billing.IntegrationTests.BadInput;

/// <summary>
/// Every request with every kind of bad input, over the broker and over HTTP: whoever sent it is told a stable code, a refusal moves
/// nothing, and the door stays open.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class RequestTests(EveryRequest running) : IClassFixture<EveryRequest>
{
    const int AtOnce = 16;

    readonly List<string> _wrong = [];
    readonly List<Guid> _refused = [];

    public static TheoryData<string> Messages => [.. RequestDoors.All.Select(door => door.Message)];

    public static TheoryData<string> Plain => [.. RequestDoors.All.Where(door => door.IsPlain).Select(door => door.Message)];

    public static TheoryData<string> WithBody => [.. RequestDoors.All.Where(door => door.HttpBody is not null).Select(door => door.Message)];

    public static TheoryData<string> OfUsers => [.. RequestDoors.All.Where(door => door.Body.Contains("\"userId\":\"$user\"", StringComparison.Ordinal)).Select(door => door.Message)];


    [Theory]
    [MemberData(nameof(Plain))]
    public async Task A_plain_body_that_cannot_be_read_is_answered_over_the_broker(string message)
    {
        var door = RequestDoors.Named(message);
        foreach (var (name, body) in BadBodies.Unreadable) Expect(name, [ErrorCodes.InvalidRequest], CodeOf(await running.As(door.Role).Ask(message, body)));
        foreach (var (name, body) in BadBodies.Doubtful) Expect(name, [ErrorCodes.InvalidRequest, door.OfNothing], CodeOf(await running.As(door.Role).Ask(message, body)));

        await IsStillOpen(door);
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task A_body_that_cannot_be_read_is_answered_over_HTTP(string message)
    {
        var door = RequestDoors.Named(message).Of(Ids.User("unread"));
        foreach (var (name, body) in BadBodies.Unreadable.Concat(BadBodies.Doubtful))
        {
            var (status, code) = await Http(door.Method, door.Path, body);
            // What holds no field is refused for the first that it lacks.
            if (BadBodies.Unreadable.ContainsKey(name) || status >= 500) Expect($"{name} ({status})", [ErrorCodes.InvalidRequest], code);
            else IsKnown(name, status, code);
        }

        await IsStillOpen(RequestDoors.Named(message));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task A_field_of_any_other_kind_is_answered_with_a_known_code_and_what_is_refused_moves_nothing(string message)
    {
        var door = RequestDoors.Named(message);
        await Parallel.ForEachAsync(Tries(door), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            var right = door.Of(Ids.User("field"));
            if (door.IsPlain)
            {
                var answer = await running.As(door.Role).Ask(message, Encoding.UTF8.GetBytes(With(right.Body, one.Field, one.Value)));
                IsKnown($"{one.Field} = {one.Value} over the broker", 400, CodeOf(answer), right, answer);
            }
            if (door.HttpBody is null || !door.HttpBody.Contains($"\"{one.Field}\":", StringComparison.Ordinal)) return;

            right = door.Of(Ids.User("field"));
            var (status, code) = await Http(right.Method, right.Path, Encoding.UTF8.GetBytes(With(right.HttpBody!, one.Field, one.Value)));
            IsKnown($"{one.Field} = {one.Value} over HTTP", status, code, right);
        });

        await NothingRefusedIsDone();
        await IsStillOpen(door);
        await running.NewAuditor().Check();
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task In_an_envelope_it_is_answered_too(string message)
    {
        var door = RequestDoors.Named(message);
        var before = await Kept(door);
        await Parallel.ForEachAsync(Tries(door), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            var right = door.Of(Ids.User("envelope"));
            var answer = await running.As(door.Role).AskInEnvelope(message, With(right.Body, one.Field, one.Value));
            IsKnown($"{one.Field} = {one.Value} in an envelope", 400, CodeOf(answer), right, answer);
        });

        await NothingRefusedIsDone();
        await IsStillOpen(door);
        Assert.Equal(before, await Kept(door));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task An_envelope_without_a_message_of_this_type_is_answered_as_its_requester_waits_for_it(string message)
    {
        var door = RequestDoors.Named(message);
        foreach (var body in (string[])["17", "\"text\"", "[]"])
        {
            var answer = await running.As(door.Role).AskForEnvelope(message, body);

            // Where usage is read without reflection, what is no object is one without fields.
            Expect(body, [ErrorCodes.InvalidRequest, ErrorCodes.InvalidUsageId], CodeOf(answer.GetProperty("message")));
            // MassTransit's request client takes a fault of what it asked, or an answer by the contract.
            Assert.Contains(answer.GetProperty("messageType").EnumerateArray(), type => type.GetString() is { } name
                && (name == $"urn:message:MassTransit:Fault[[Billing.Contracts:{message}]]" || name.StartsWith("urn:message:Billing.Contracts:", StringComparison.Ordinal)));
        }
        await IsStillOpen(door);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task An_envelope_that_cannot_be_read_or_names_another_message_lies_where_an_operator_sees_it(string message)
    {
        var door = RequestDoors.Named(message);
        var before = await Kept(door);
        await using var sender = await Publisher.Connect(running.As(door.Role).Address);
        byte[][] bodies =
        [
            .. BadBodies.Unreadable.Values, "{}"u8.ToArray(), """{"message":{}}"""u8.ToArray(), """{"messageType":[],"message":{}}"""u8.ToArray(), """{"messageType":17,"message":{}}"""u8.ToArray(),
            """{"messageType":["urn:message:Billing.Contracts:Nothing"],"message":{}}"""u8.ToArray(), """{"messageType":["urn:message:Billing.Contracts:UsageOccurred"],"message":{}}"""u8.ToArray(),
        ];
        foreach (var body in bodies) await sender.PublishTo($"Billing.Contracts:{message}", "", body, "application/vnd.masstransit+json");

        await Eventually.That(async () => await Kept(door) - before, kept => kept == bodies.Length, $"all {bodies.Length} are kept");
        await IsStillOpen(door);
    }

    [Theory]
    [MemberData(nameof(OfUsers))]
    public async Task A_user_id_that_is_none_is_refused_at_both_doors(string message)
    {
        foreach (var (name, text) in BadValues.Texts)
        {
            var right = RequestDoors.Named(message).Of(Ids.User("nobody"));
            var body = With(right.Body, "userId", JsonSerializer.Serialize(text));
            var answer = right.IsPlain ? await running.As(right.Role).Ask(message, Encoding.UTF8.GetBytes(body)) : await running.As(right.Role).AskInEnvelope(message, body);
            // An assignment looks for the payment first.
            if (message == "AssignPayment") Expect(name, [ErrorCodes.InvalidUserId, ErrorCodes.PaymentNotFound], CodeOf(answer));
            else if (message == "CheckQuotas") Expect(name, [ErrorCodes.InvalidUserId], CodeOf(answer.GetProperty("items")[0]));
            else Expect(name, [ErrorCodes.InvalidUserId], CodeOf(answer));
        }
        await IsStillOpen(RequestDoors.Named(message));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task An_address_with_anything_in_it_is_answered_and_never_as_a_fault_of_the_service(string message)
    {
        var door = RequestDoors.Named(message);
        foreach (var (name, text) in BadValues.Texts)
        {
            var value = Uri.EscapeDataString(text);
            var right = door.Of(Ids.User("address"));
            List<string> paths = [];
            if (door.Path.Contains("$user", StringComparison.Ordinal)) paths.Add(door.Of(value).Path);
            if (door.Path.Contains('?', StringComparison.Ordinal))
            {
                var parameters = right.Path.Split('?')[1].Split('&');
                paths.AddRange(parameters.Select(parameter => right.Path.Replace(parameter, $"{parameter.Split('=')[0]}={value}", StringComparison.Ordinal)));
                paths.Add($"{right.Path}&cursor={value}");
            }
            foreach (var path in paths)
            {
                var (status, code) = await Http(right.Method, path, right.HttpBody is { } body ? Encoding.UTF8.GetBytes(body) : null);
                // What the web server does not let in at all has no code of ours: a NUL in a path, a line longer than it reads.
                if (code is null && status is 400 or 404 or 405 or 414 && (text.Length > 5_000 || text.Length == 0 || text.Contains('\0'))) continue;
                IsKnown($"{name} in {path[..Math.Min(path.Length, 100)]}", status, code);
            }
        }
        Assert.True(_wrong.Count == 0, $"{message}:\n{string.Join('\n', _wrong)}");
    }

    static List<(string Field, string Value)> Tries(RequestDoor door) => [.. Fields(door.Body).SelectMany(field => BadValues.Json.Select(value => (field, value)))];

    async Task<long> Kept(RequestDoor door) => await running.Broker.Ready($"{door.Queue}_error") + await running.Broker.Ready($"{door.Queue}_skipped");

    async Task NothingRefusedIsDone() => Assert.Equal(0, await running.Count(
        """
        select (select count(*) from ledger_entry where operation_id = any($1)) + (select count(*) from usage_record where usage_id = any($1))
            + (select count(*) from reservation where reservation_id = any($1)) + (select count(*) from operator_act where operation_id = any($1))
        """, _refused.ToArray()));

    void Expect(string input, string?[] codes, string? answered)
    {
        lock (_wrong)
        {
            if (!codes.Contains(answered)) _wrong.Add($"{input}: {answered ?? "no code"}, not {string.Join(" or ", codes.Select(code => code ?? "none"))}");
        }
    }

    void IsKnown(string input, int status, string? code, RequestDoor? door = null, JsonElement? answer = null)
    {
        lock (_wrong)
        {
            var isRefused = code is not null || (answer is { } given && IsFault(given));
            if ((status >= 500 && code != ErrorCodes.RequestExpired) || (code is not null && !ErrorTable.Rows.ContainsKey(code)) || (status >= 400 && answer is null && code is null)) _wrong.Add($"{input}: {status} {code ?? "no code"}");
            if (door is not null && isRefused && code != ErrorCodes.OperationIdReused) _refused.Add(IdOf(door));
        }
    }

    async Task IsStillOpen(RequestDoor door)
    {
        var right = door.Of(Ids.User("open"));
        var answer = right.IsPlain ? await running.As(door.Role).Ask(door.Message, Encoding.UTF8.GetBytes(right.Body)) : await running.As(door.Role).AskInEnvelope(door.Message, right.Body);
        if (IsFault(answer) || CodeOf(answer) is ErrorCodes.InvalidRequest) _wrong.Add($"a right one afterwards: {answer}");
        Assert.True(_wrong.Count == 0, $"{door.Message}:\n{string.Join('\n', _wrong.Take(40))}");
    }

    async Task<(int Status, string? Code)> Http(HttpMethod method, string path, byte[]? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        using var answer = await running.Service.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode || !text.StartsWith('{') ? null : CodeOf(JsonElement.Parse(text)));
    }

    static IEnumerable<string> Fields(string body) => JsonNode.Parse(body)!.AsObject().Select(field => field.Key);

    /// <summary>The body with something else as one of its fields.</summary>
    static string With(string body, string field, string value)
    {
        var others = JsonNode.Parse(body)!.AsObject();
        if (others.Remove(field)) return others.Count == 0 ? $"{{\"{field}\":{value}}}" : $"{others.ToJsonString()[..^1]},\"{field}\":{value}}}";
        return $"{{\"items\":[{With(others["items"]![0]!.ToJsonString(), field, value)}]}}";
    }

    static Guid IdOf(RequestDoor door) => JsonNode.Parse(door.Body)!.AsObject().Select(field => field.Value as JsonValue)
        .Select(value => value is not null && value.TryGetValue<Guid>(out var id) ? id : Guid.Empty).FirstOrDefault(id => id != Guid.Empty);

    static bool IsFault(JsonElement answer) => answer.TryGetProperty("exceptions", out _);

    /// <summary>The code of a refusal: whatever the answer, it says why under one of two names.</summary>
    static string? CodeOf(JsonElement answer) =>
        (answer.TryGetProperty("code", out var code) || answer.TryGetProperty("reason", out code)) && code.ValueKind == JsonValueKind.String ? code.GetString() : null;
}
