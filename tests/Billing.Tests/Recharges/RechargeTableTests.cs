namespace Billing.Tests.Recharges;

/// <summary>Every cell of the table in docs/recharges.md, tried on the state machine with its database.</summary>
public sealed class RechargeTableTests(RunningRecharges recharges) : IClassFixture<RunningRecharges>
{
    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var cell in RechargeTable.Cells) cells.Add(cell.Event, cell.State);
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Does_what_the_table_says(string @event, string state)
    {
        var cell = RechargeTable.Cells.Single(cell => cell.Event == @event && cell.State == state);
        var story = new RechargeStory(recharges);

        await story.Begin(state, @event);
        await story.Happen(@event);

        Assert.Equal(cell.Becomes, await story.State());
        Assert.Equal(cell.Effects, await story.Effects());
    }

    [Fact]
    public void The_table_has_every_state_and_no_other() => Assert.Equal(
        typeof(Billing.Sagas.RechargeStateMachine).GetProperties().Where(property => property.PropertyType == typeof(MassTransit.State) && property.DeclaringType == typeof(Billing.Sagas.RechargeStateMachine)).Select(property => property.Name).Order(),
        RechargeTable.Cells.Select(cell => cell.State).Distinct().Order());
}
