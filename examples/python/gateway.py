"""A gateway in Python: asks before a call, and reports usage that the service charges exactly once.

    BILLING_RABBITMQ_GATEWAY=amqp://gateway:password@host:5672/billing python3 gateway.py acme image 7

Needs pika 1.2 or later (Debian: python3-pika).
"""
import json
import os
import sys
import time
import uuid
from datetime import datetime, timezone

import pika
import pika.exceptions

ANSWER_WITHIN = 6  # seconds
PAUSE = 0.5  # seconds, before something is tried again


class Billing:
    """One connection to the broker. Not for several threads at once: pika's blocking connection is not."""

    def __init__(self, address):
        self._parameters = pika.URLParameters(address)
        self._connection = None
        self._answers = {}

    def ask(self, request, body):
        """Sends a request such as CheckQuota and returns its answer, or raises TimeoutError.

        Repeated with the same ids a request moves no money twice.
        """
        channel = self._open()
        question = str(uuid.uuid4())
        properties = pika.BasicProperties(
            content_type="application/json", reply_to="amq.rabbitmq.reply-to", correlation_id=question, timestamp=int(time.time()))
        channel.basic_publish(f"Billing.Contracts:{request}", "", json.dumps(body), properties, mandatory=True)
        deadline = time.monotonic() + ANSWER_WITHIN
        while question not in self._answers:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{request} was not answered within {ANSWER_WITHIN} s")
            self._connection.process_data_events(time_limit=left)
        return self._answers.pop(question)

    def report(self, usages):
        """Publishes usages, and returns when the broker has taken them into a queue that outlives it.

        Until then they are sent again: their ids make sure that none is charged twice.
        """
        body = json.dumps({"items": usages})
        while True:
            try:
                properties = pika.BasicProperties(content_type="application/json", delivery_mode=2, timestamp=int(time.time()))
                self._open().basic_publish("Billing.Contracts:UsageBatch", "", body, properties, mandatory=True)
                return
            except (pika.exceptions.UnroutableError, pika.exceptions.NackError):
                pass  # Nobody takes it yet, or its queue is full.
            except pika.exceptions.AMQPError:
                self._connection = None  # Whether it arrived is not known.
            time.sleep(PAUSE)

    def close(self):
        if self._connection:
            self._connection.close()

    def _open(self):
        if self._connection and self._connection.is_open:
            return self._channel
        self._connection = pika.BlockingConnection(self._parameters)
        self._channel = self._connection.channel()
        # The broker's direct reply-to: answers come without a queue of our own, which this user may not declare.
        self._channel.basic_consume("amq.rabbitmq.reply-to", self._note_answer, auto_ack=True)
        self._channel.confirm_delivery()
        return self._channel

    def _note_answer(self, channel, method, properties, body):
        self._answers[properties.correlation_id] = json.loads(body)


def usage(user, service, quantity):
    """What one call used. Make its id once, and keep it with the call: it is what makes the charge exactly once."""
    return {
        "usageId": str(uuid.uuid4()),
        "userId": user,
        "service": service,
        "quantity": quantity,
        "occurredAt": datetime.now(timezone.utc).isoformat(),
    }


def main(user, service, calls):
    billing = Billing(os.environ["BILLING_RABBITMQ_GATEWAY"])

    answer = billing.ask("CheckQuota", {"userId": user, "service": service, "quantity": calls})
    print("may call" if answer["allowed"] else f"may not call: {answer['reason']}", flush=True)

    # Usage that has happened: published, charged within a fraction of a second.
    made = [usage(user, service, 1) for _ in range(calls)]
    billing.report(made)
    billing.report(made[:1])  # Sent again, as after a lost confirm: charged once.
    print(f"reported {calls}", flush=True)

    # A call that must be paid first, all or nothing.
    answer = billing.ask("DeductQuota", usage(user, service, 1))
    print(f"charged {answer['amount']} {answer['currency']}" if answer["charged"] else f"not charged: {answer['code']}", flush=True)

    # Funds set aside for many calls: answered once, then handed out without asking.
    lease = billing.ask("ReserveQuota", {"reservationId": str(uuid.uuid4()), "userId": user, "service": service, "quantity": 2, "grantSeconds": 30})
    if lease["granted"]:
        billing.report([usage(user, service, 1) | {"reservationId": lease["reservationId"]}])
        released = billing.ask("ReleaseQuota", {"reservationId": lease["reservationId"], "userId": user, "usedQuantity": 1})
        print(f"leased {lease['quantity']}, used 1, released: {released['released']}", flush=True)
    else:
        print(f"no lease: {lease['code']}, enough for {lease['affordableQuantity']}", flush=True)
    billing.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
