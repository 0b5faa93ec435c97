"""aiosmtpd on a free port, with a handler that keeps the octets."""

import asyncio
import json

from aiosmtpd.smtp import SMTP

kept = []


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        kept.append(envelope.content)
        return "250 2.0.0 OK"


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Keeper(), data_size_limit=None), "127.0.0.1", 0)
    print(json.dumps({"smtp": {"port": server.sockets[0].getsockname()[1]}}), flush=True)
    await server.serve_forever()


asyncio.run(main())
