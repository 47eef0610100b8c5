"""The same over HTTP, with nothing but Python: reports usage, asks, deducts, orders a recharge.

    BILLING_HTTP=http://localhost:5080 python3 over_http.py acme image 7      (with keys: BILLING_API_KEY=...)
"""
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from gateway import usage

PAUSE = 0.5  # seconds, before something is tried again


def call(method, path, body=None, headers=None):
    """Returns the status and the answer. 503, 504 and no answer at all are tried again: the ids in the body make it safe."""
    headers = {"Content-Type": "application/json"} | (headers or {})
    if key := os.environ.get("BILLING_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    data = None if body is None else json.dumps(body).encode()
    while True:
        request = urllib.request.Request(os.environ["BILLING_HTTP"].rstrip("/") + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            if error.code not in (503, 504):
                return error.code, json.load(error)  # Problem details: code says what, fix says what would be right.
        except (urllib.error.URLError, TimeoutError):
            pass
        time.sleep(PAUSE)


def main(user, service, calls):
    account = f"/v1/accounts/{urllib.parse.quote(user, safe='')}"

    _, answer = call("GET", f"{account}/quota?" + urllib.parse.urlencode({"service": service, "quantity": calls}))
    print("may call" if answer["allowed"] else f"may not call: {answer['reason']}")

    # The answer comes after the commit, item by item.
    _, receipt = call("POST", "/v1/usage", [usage(user, service, 1) for _ in range(calls)])
    print(f"charged {receipt['charged']}, duplicates {receipt['duplicates']}, rejected {receipt['rejected']}")

    status, answer = call("POST", "/v1/deductions", usage(user, service, 1))
    print(f"charged {answer['amount']} {answer['currency']}" if status == 200 else f"not charged: {answer['code']} - {answer['fix']}")

    # The same Idempotency-Key is the same recharge, however often it is sent.
    _, recharge = call("POST", f"{account}/recharges", {"amount": "10.00", "channel": "card"}, {"Idempotency-Key": f"order-of-{user}"})
    print(f"recharge {recharge['state']}: {recharge.get('payUrl') or 'no pay URL yet'}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
