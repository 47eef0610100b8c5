namespace Billing.TestSupport.Doors;

/// <summary>A request, through whichever door it comes in.</summary>
/// <param name="Message">Its name on the broker.</param>
/// <param name="Role">Who may send it there.</param>
/// <param name="Body">One that is right.</param>
/// <param name="Http">The method and path of its twin.</param>
/// <param name="HttpBody">The body of its twin; null where it has none.</param>
/// <param name="OfNothing">The code that answers <c>{}</c>; null where nothing has to be said.</param>
/// <param name="IsPlain">Whether the broker takes it without an envelope.</param>
public sealed record RequestDoor(string Message, string Role, string Body, string Http, string? HttpBody, string? OfNothing, bool IsPlain = true)
{
    public string Queue => $"billing-{string.Concat(Message.Select((letter, place) => char.IsUpper(letter) && place > 0 ? $"-{letter}" : $"{letter}")).ToLowerInvariant()}";

    public HttpMethod Method => new(Http.Split(' ')[0]);

    /// <summary>With a user, an id and a moment of its own.</summary>
    public RequestDoor Of(string user)
    {
        var (id, now) = (Ids.WithTime().ToString(), TimeProvider.System.GetUtcNow().ToString("O"));
        return this with { Body = Fill(Body), Http = Fill(Http), HttpBody = HttpBody is null ? null : Fill(HttpBody) };

        string Fill(string text) => text.Replace("$user", user).Replace("$id", id).Replace("$now", now);
    }

    public string Path => Http.Split(' ')[1];
}
