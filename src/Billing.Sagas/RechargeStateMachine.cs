using MassTransit;

namespace Billing.Sagas;

/// <summary>
/// A recharge from the order to the credit. Read it beside the table in docs/recharges.md, which the tests try cell by cell.
/// It never touches a balance: the ledger is told by message, and answers by message.
/// </summary>
sealed class RechargeStateMachine : MassTransitStateMachine<RechargeState>
{
    public RechargeStateMachine(RechargeOptions options)
    {
        InstanceState(recharge => recharge.CurrentState);
        Correlate();
        ConnectEventObserver(new RechargeHistorian(this));

        Initially(
            When(OrderPlaced)
                .RememberOrder(options)
                .LetRequesterWait()
                .Publish(recharge => recharge.CreatePayment())
                .AnswerInTime(AnswerDue, options)
                .LookAgain(LookDue, options.ExpiresAfter - options.QueryBeforeExpiry)
                .TransitionTo(Pending),
            When(PaymentAssigned)
                .RememberAssignedPayment()
                .SendCreditAccount()
                .LookAgain(LookDue, options.CreditAgainAfter)
                .TransitionTo(AwaitingCredit));

        // Nobody has told us where the user pays. Who asks meanwhile waits with the others.
        During(Pending,
            When(OrderPlaced).IfElse(IsTheSameOrder,
                same => same.LetRequesterWait().AnswerInTime(AnswerDue, options),
                other => other.Answer(ErrorCodes.IdempotencyKeyReused)),
            When(PaymentCreated).RememberPayUrl().Unschedule(AnswerDue).AnswerAllWhoWait().TransitionTo(AwaitingPayment),
            When(AnswerDue.Received).AnswerAllWhoWait());
        During([AwaitingPayment, AwaitingCredit, Completed, Failed, Expired, NeedsReview, Closed],
            When(OrderPlaced).IfElse(IsTheSameOrder,
                same => same.Answer(),
                other => other.Answer(ErrorCodes.IdempotencyKeyReused)),
            Ignore(PaymentCreated),
            Ignore(AnswerDue.Received));

        // Money that comes is taken for what was ordered, or looked at by a person. A payment that succeeds after it was
        // reported failed, or after its time, is still money received.
        During([Pending, AwaitingPayment, Failed, Expired],
            When(PaymentSucceeded).RememberPayment(late: IsLate).Judge().IfElse(IsAsOrdered,
                paid => paid.ClaimPayment().SendCreditAccount().LookAgain(LookDue, options.CreditAgainAfter).TransitionTo(AwaitingCredit).AnswerAllWhoWait(),
                other => other.TransitionTo(NeedsReview).AskForReview().AnswerAllWhoWait()));
        During([AwaitingCredit, Completed, NeedsReview, Closed],
            When(PaymentSucceeded).If(IsNotTheKnownPayment, other => other.KeepUnmatched(recharge => RechargeRules.WhyUnmatched(recharge.Saga, recharge.Message))));

        During([Pending, AwaitingPayment],
            When(PaymentFailed).If(ConcernsThisPayment, failed => failed.RememberFailure().TransitionTo(Failed).Publish(recharge => recharge.RechargeFailed()).AnswerAllWhoWait()));
        During([AwaitingCredit, Completed, Failed, Expired, NeedsReview, Closed],
            Ignore(PaymentFailed));

        // The watcher: notifications get lost.
        During([Pending, AwaitingPayment],
            When(LookDue.Received).IfElse(IsInTime,
                early => early.Publish(recharge => recharge.QueryPayment()).LookAgain(LookDue, options.QueryBeforeExpiry),
                late => late.TransitionTo(Expired).Publish(recharge => recharge.RechargeExpired()).AnswerAllWhoWait().LookLater(LookDue, options)));
        During(Expired,
            When(LookDue.Received).Publish(recharge => recharge.QueryPayment()).LookLater(LookDue, options));
        During(AwaitingCredit,
            When(LookDue.Received).SendCreditAccount().LookAgain(LookDue, options.CreditAgainAfter));
        During([Failed, NeedsReview, Closed],
            Ignore(LookDue.Received));

        // The ledger's answers. What it has credited is credited, whatever was decided here in the meantime.
        During([AwaitingCredit, NeedsReview, Closed],
            When(AccountCredited).RememberCredit().Unschedule(LookDue).TransitionTo(Completed).Publish(recharge => recharge.RechargeCompleted())
                .TakeBackWhatWaits().LookWhileRefundsAreOpen(LookDue, options));
        During(AwaitingCredit,
            When(CreditRefused).RememberRefusal().TransitionTo(NeedsReview).AskForReview());
        During([Pending, AwaitingPayment, Completed, Failed, Expired],
            Ignore(AccountCredited));
        During([Pending, AwaitingPayment, Completed, Failed, Expired, NeedsReview, Closed],
            Ignore(CreditRefused));

        // What was given back before the credit is taken back right after it.
        DuringAny(
            When(PaymentRefunded).RememberRefund(),
            Ignore(PaymentAssigned));
        During(Completed,
            When(PaymentRefunded).TakeBackWhatWaits().LookWhileRefundsAreOpen(LookDue, options),
            When(LookDue.Received).TakeBackAgain().LookWhileRefundsAreOpen(LookDue, options),
            When(CreditRefunded).RememberTakenBack().Publish(recharge => recharge.RechargeRefunded()),
            When(RefundRefused).RememberNotTakenBack());
        During([Pending, AwaitingPayment, AwaitingCredit, Failed, Expired, NeedsReview, Closed],
            Ignore(CreditRefunded),
            Ignore(RefundRefused));

        // A person decides.
        During(NeedsReview,
            When(Resolved).IfElseAsync(IsValid,
                valid => valid.RememberDecision().IfElse(DecidesToCredit,
                    credit => credit.ClaimPayment().SendCreditAccount().LookAgain(LookDue, options.CreditAgainAfter).TransitionTo(AwaitingCredit),
                    close => close.TransitionTo(Closed)).Answer(),
                wrong => wrong.AnswerProblem()));
        During([Pending, AwaitingPayment, AwaitingCredit, Completed, Failed, Expired, Closed],
            When(Resolved).IfElse(IsTheDecisionTaken,
                repeat => repeat.Answer(),
                other => other.Answer(ErrorCodes.RechargeNotInReview)));
    }

    void Correlate()
    {
        Event(() => OrderPlaced, order => order.CorrelateById(message => RechargeId.Of(message.Message.UserId, message.Message.IdempotencyKey)));
        Event(() => PaymentAssigned, assigned => assigned.CorrelateById(message => message.Message.UnmatchedId));
        Event(() => PaymentCreated, created => created.CorrelateById(message => message.Message.RechargeId).OnMissingInstance(missing => missing.Discard()));
        Event(() => PaymentSucceeded, paid => paid.CorrelateById(message => message.Message.RechargeId).OnMissingInstance(missing => missing.ExecuteAsync(PaymentDesk.KeepUnknown)));
        Event(() => PaymentFailed, failed => failed.CorrelateById(message => message.Message.RechargeId).OnMissingInstance(missing => missing.Discard()));
        Event(() => PaymentRefunded, refunded => refunded.CorrelateById(message => message.Message.RechargeId).OnMissingInstance(missing => missing.ExecuteAsync(PaymentDesk.KeepUnknown)));
        Event(() => AccountCredited, credited => credited.CorrelateById(message => message.Message.RechargeId).OnMissingInstance(missing => missing.Fault()));
        Event(() => CreditRefused, refused => refused.CorrelateById(message => message.Message.RechargeId).OnMissingInstance(missing => missing.Fault()));
        Event(() => CreditRefunded, refunded => refunded.CorrelateById(message => message.Message.RechargeId).OnMissingInstance(missing => missing.Fault()));
        Event(() => RefundRefused, refused => refused.CorrelateById(message => message.Message.RechargeId).OnMissingInstance(missing => missing.Fault()));
        Event(() => Resolved, resolved => resolved.CorrelateById(message => message.Message.RechargeId).OnMissingInstance(missing => missing.ExecuteAsync(RechargeAnswers.NotFound)));
        Schedule(() => AnswerDue, recharge => recharge.AnswerToken, due => due.Received = received => received.CorrelateById(message => message.Message.RechargeId));
        Schedule(() => LookDue, recharge => recharge.LookToken, due => due.Received = received => received.CorrelateById(message => message.Message.RechargeId));
    }

    static bool IsTheSameOrder(BehaviorContext<RechargeState, StartRecharge> recharge) => RechargeRules.IsTheSameOrder(recharge.Saga, recharge.Message);

    static bool IsInTime(SagaConsumeContext<RechargeState> recharge) => recharge.Now() < recharge.Saga.ExpiresAt;

    bool IsLate(RechargeState recharge) => recharge.CurrentState == Failed.Name || recharge.CurrentState == Expired.Name;

    static bool IsAsOrdered(BehaviorContext<RechargeState, PaymentSucceeded> recharge) => recharge.Saga.Reason is null;

    static bool IsNotTheKnownPayment(BehaviorContext<RechargeState, PaymentSucceeded> recharge) => !RechargeRules.IsTheKnownPayment(recharge.Saga, recharge.Message);

    static bool ConcernsThisPayment(BehaviorContext<RechargeState, PaymentFailed> recharge) => RechargeRules.ConcernsThisPayment(recharge.Saga, recharge.Message);

    static async Task<bool> IsValid(BehaviorContext<RechargeState, ResolveRecharge> recharge) => await PaymentDesk.WhatIsWrongWith(recharge) is null;

    static bool DecidesToCredit(BehaviorContext<RechargeState, ResolveRecharge> recharge) => recharge.Message.Credit is not null;

    static bool IsTheDecisionTaken(BehaviorContext<RechargeState, ResolveRecharge> recharge) => RechargeRules.IsTheDecisionTaken(recharge.Saga, recharge.Message);

    public State Pending { get; private set; } = null!;
    public State AwaitingPayment { get; private set; } = null!;
    public State AwaitingCredit { get; private set; } = null!;
    public State Completed { get; private set; } = null!;
    public State Failed { get; private set; } = null!;
    public State Expired { get; private set; } = null!;
    public State NeedsReview { get; private set; } = null!;
    public State Closed { get; private set; } = null!;

    public Event<StartRecharge> OrderPlaced { get; private set; } = null!;
    public Event<CreditUnmatchedPayment> PaymentAssigned { get; private set; } = null!;
    public Event<PaymentCreated> PaymentCreated { get; private set; } = null!;
    public Event<PaymentSucceeded> PaymentSucceeded { get; private set; } = null!;
    public Event<PaymentFailed> PaymentFailed { get; private set; } = null!;
    public Event<PaymentRefunded> PaymentRefunded { get; private set; } = null!;
    public Event<AccountCredited> AccountCredited { get; private set; } = null!;
    public Event<CreditRefused> CreditRefused { get; private set; } = null!;
    public Event<CreditRefunded> CreditRefunded { get; private set; } = null!;
    public Event<RefundRefused> RefundRefused { get; private set; } = null!;
    public Event<ResolveRecharge> Resolved { get; private set; } = null!;
    public Schedule<RechargeState, RechargeAnswerDue> AnswerDue { get; private set; } = null!;
    public Schedule<RechargeState, RechargeLookDue> LookDue { get; private set; } = null!;
}
