"""Sends one message with smtplib or aiosmtplib, as MAIL_* in the environment say."""

import asyncio
import os
import smtplib
import ssl
import sys
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

order = {name[5:].lower(): value for name, value in os.environ.items() if name.startswith("MAIL_")}
recipients = order["to"].split(",")
port = int(order["port"])
mechanism = order.get("mechanism")
beyond_ascii = not all(address.isascii() for address in [order["from"], *recipients])

message = EmailMessage(policy=SMTPUTF8 if beyond_ascii else SMTP)
message["From"] = order["from"]
message["To"] = ", ".join(recipients)
message["Subject"] = order["subject"]
message.set_content(order["text"])
if "attachment" in order:
    with open(order["attachment"], "rb") as file:
        message.add_attachment(
            file.read(), maintype="application", subtype="octet-stream", filename="big.bin"
        )

options = {}
if "notify" in order:
    options["mail_options"] = [f"RET={order['ret']}", f"ENVID={order['envid']}"]
    options["rcpt_options"] = [f"NOTIFY={order['notify']}"]


def by_smtplib():
    context = ssl.create_default_context(cafile=order["ca"]) if "ca" in order else None
    wait = float(order["timeout"]) if "timeout" in order else None
    if order["tls"] == "implicit":
        client = smtplib.SMTP_SSL(order["host"], port, context=context, timeout=wait)
    else:
        client = smtplib.SMTP(order["host"], port, timeout=wait)
    with client:
        if order["tls"] == "starttls":
            client.starttls(context=context)
        if mechanism:
            client.ehlo_or_helo_if_needed()
            client.user, client.password = order["user"], order["password"]
            way = getattr(client, "auth_" + mechanism.lower().replace("-", "_"))
            client.auth(mechanism, way)
        client.send_message(message, **options)


async def by_aiosmtplib():
    import aiosmtplib

    client = aiosmtplib.SMTP(
        order["host"],
        port,
        use_tls=order["tls"] == "implicit",
        start_tls=True if order["tls"] == "starttls" else None,
        cert_bundle=order.get("ca"),
    )
    async with client:
        if mechanism:
            way = getattr(client, "auth_" + mechanism.lower().replace("-", ""))
            await way(order["user"], order["password"])
        await client.send_message(message, **options)


if sys.argv[1] == "aiosmtplib":
    asyncio.run(by_aiosmtplib())
else:
    by_smtplib()
