using System.Reflection;
using Billing.Service.Batching;
using Billing.Service.Hosting;
using Billing.Service.Ledger;
using MassTransit;

namespace Billing.Tests.Hosting;

/// <summary>What failed because nobody could work on it goes back to its queue; only what can never work goes on to the error queue.</summary>
public sealed class RequeueWhenUnavailableTests
{
    public static TheoryData<Exception> NobodyCouldWork => new(
        new ConsumerCanceledException("The operation was canceled by the consumer"), new OperationCanceledException(), new ObjectDisposedException("bus"), new LedgerUnavailableException(new TimeoutException()));

    [Theory]
    [MemberData(nameof(NobodyCouldWork))]
    public async Task A_message_that_nobody_could_work_on_is_given_back(Exception why)
    {
        var filter = new RequeueWhenUnavailable(TimeSpan.Zero, new Lazy<ILedgerStore>(() => throw new NotSupportedException()));

        var thrown = await Record.ExceptionAsync(() => filter.Send(Failed.Because(why), MassTransit.Pipe.Empty<ExceptionReceiveContext>()));

        Assert.Same(why, thrown);
    }

    /// <summary>A message that failed, of which only the reason is asked for.</summary>
    class Failed : DispatchProxy
    {
        Exception? _why;

        public static ExceptionReceiveContext Because(Exception why)
        {
            var context = Create<ExceptionReceiveContext, Failed>();
            ((Failed)(object)context)._why = why;
            return context;
        }

        protected override object? Invoke(MethodInfo? method, object?[]? arguments) => method?.Name == "get_Exception" ? _why : throw new NotSupportedException(method?.Name);
    }
}
