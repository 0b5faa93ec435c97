/**
 * The limit of a runtime: answers like an SMTP server, reads nothing but the first letter of a packet and the end
 * of a content, keeps the octets as they came, and knows no other rule. Runs on Node, Deno and Bun.
 */
import { createServer } from "node:net";

const kept = [];

const server = createServer({ noDelay: true }, (socket) => {
  let isContent = false;
  let tail = "";
  socket.on("error", () => {});
  socket.on("data", (octets) => {
    kept.push(octets);
    if (isContent) {
      tail = (tail + octets.toString("latin1", Math.max(0, octets.length - 5))).slice(-5);
      if (tail !== "\r\n.\r\n") return;
      isContent = false;
      socket.write("250 2.0.0 OK\r\n");
    } else if (octets[0] === 0x44) {
      isContent = true;
      socket.write("354 Go on\r\n");
    } else if (octets[0] === 0x51) {
      socket.end("221 2.0.0 Bye\r\n");
    } else {
      socket.write("250 2.0.0 OK\r\n");
    }
  });
  socket.write("220 bare.test ESMTP\r\n");
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ smtp: { port: server.address().port } })));
process.on("SIGTERM", () => process.exit());
