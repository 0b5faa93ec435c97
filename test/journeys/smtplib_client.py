"""Sends one message with Python's smtplib, as the JSON on standard input says."""

import json
import smtplib
import ssl
import sys
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

order = json.load(sys.stdin)
beyond_ascii = not all(address.isascii() for address in [order["from"], *order["to"]])

message = EmailMessage(policy=SMTPUTF8 if beyond_ascii else SMTP)
message["From"] = order["from"]
message["To"] = ", ".join(order["to"])
message["Subject"] = order["subject"]
message.set_content(order["text"])
if order["files"]["attachment"]:
    with open(order["files"]["attachment"], "rb") as file:
        message.add_attachment(
            file.read(), maintype="application", subtype="octet-stream", filename="big.bin"
        )

context = ssl.create_default_context(cafile=order["files"]["ca"]) if order["files"]["ca"] else None
if order["tls"] == "implicit":
    client = smtplib.SMTP_SSL(order["host"], order["port"], context=context)
else:
    client = smtplib.SMTP(order["host"], order["port"])
with client:
    if order["tls"] == "starttls":
        client.starttls(context=context)
    if order["auth"]:
        client.login(order["auth"]["user"], order["auth"]["password"])
    client.send_message(message)
