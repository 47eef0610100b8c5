"""A payment service in Python: answers CreatePayment with a pay URL, and says when money has come.

    BILLING_RABBITMQ_PAYMENT_SERVICE=amqp://payment-service:password@host:5672/billing python3 payment_service.py

This one pretends that every user pays at once. It runs until it is stopped. Needs pika 1.2 or later (Debian: python3-pika).
"""
import json
import os
from datetime import datetime, timezone

import pika

QUEUE = "payment-service-orders"
ORDERS = "Billing.Contracts:CreatePayment"


def publish(channel, event, body):
    """Returns when the broker has taken it; raises what pika raises when it has not."""
    properties = pika.BasicProperties(content_type="application/json", delivery_mode=2)
    channel.basic_publish(f"Billing.Contracts:{event}", "", json.dumps(body), properties, mandatory=True)


def answer(channel, method, properties, body):
    order = json.loads(body)["message"]  # What comes from the service is an envelope; what goes to it may be plain.
    # Derived from the order: an order that comes twice is the same payment.
    payment = {"rechargeId": order["rechargeId"], "paymentId": f"py-{order['rechargeId']}"}
    publish(channel, "PaymentCreated", payment | {"payUrl": f"https://pay.example/{payment['paymentId']}"})
    paid = {"amount": order["amount"], "currency": order["currency"], "paidAt": datetime.now(timezone.utc).isoformat()}
    publish(channel, "PaymentSucceeded", payment | paid)
    publish(channel, "PaymentSucceeded", payment | paid)  # Told twice, credited once.
    channel.basic_ack(method.delivery_tag)  # Only now: dying before this brings the order again.
    print(f"paid {order['amount']} {order['currency']} of {order['userId']}", flush=True)


def main():
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["BILLING_RABBITMQ_PAYMENT_SERVICE"]))
    channel = connection.channel()
    channel.confirm_delivery()
    channel.exchange_declare(ORDERS, "fanout", durable=True)
    channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(QUEUE, ORDERS)
    channel.basic_qos(prefetch_count=10)
    channel.basic_consume(QUEUE, answer)
    print("waiting for orders", flush=True)
    channel.start_consuming()


if __name__ == "__main__":
    main()
