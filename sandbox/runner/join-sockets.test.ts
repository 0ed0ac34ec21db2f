import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { joinSockets } from "./join-sockets.ts";

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Both ends of a connection over loopback. */
async function connection(allowHalfOpen: boolean): Promise<[near: Socket, far: Socket]> {
  const server = createServer({ allowHalfOpen }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const near = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen });
  const [far] = (await once(server, "connection")) as [Socket];
  sockets.push(near, far);
  for (const socket of [near, far]) socket.on("error", () => {});
  return [near, far];
}

/** A client and a server, with two joined connections between them. */
async function joined(allowHalfOpen = true) {
  const [client, front] = await connection(allowHalfOpen);
  const [behind, server] = await connection(allowHalfOpen);
  joinSockets(front, behind);
  return { client, server };
}

async function received(socket: Socket): Promise<number> {
  let bytes = 0;
  for await (const chunk of socket) bytes += (chunk as Buffer).length;
  return bytes;
}

describe("joined connections", () => {
  it("carry both ways, and pass an end on while the other way stays open", async () => {
    const { client, server } = await joined();
    client.end("question");
    expect(String((await once(server, "data"))[0])).toBe("question");
    server.end("answer");
    expect(await received(client)).toBe(6);
  });

  it("lose nothing that was sent before the end, also where a connection closes as soon as it is told to end", async () => {
    const { client, server } = await joined(false);
    const much = 8 * 1024 * 1024;
    client.resume();
    // Gone at once after the last byte, while the reader has hardly begun.
    client.write(Buffer.alloc(much), () => client.end());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await received(server)).toBe(much);
  });

  it("end together when one breaks", async () => {
    const { client, server } = await joined();
    server.resume();
    client.resetAndDestroy();
    await once(server, "end");
    // Nobody is there any more to take an answer.
    const answer = () => {
      server.write("answer");
      return server.destroyed;
    };
    await expect.poll(answer).toBe(true);
  });
});
