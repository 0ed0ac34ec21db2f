import { afterEach, describe, expect, it } from "vitest";
import { cleanup, deployedRule, fakePod, fine, get, HOST, httpRoute, playground, raw, until } from "./testing.ts";

const ends = cleanup();
afterEach(() => ends.run());

async function behind(answer: Parameters<typeof fakePod>[1] = fine, rule: unknown = deployedRule()) {
  const pod = await fakePod(ends, answer);
  return { pod, gateway: await playground(ends, [httpRoute([rule])], pod.port) };
}

/** Header lines of a message, names in lower case. */
function lines(message: string): string[] {
  const [head = ""] = message.split("\r\n\r\n");
  return head
    .split("\r\n")
    .slice(1)
    .map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()));
}

describe("what a tool hears", () => {
  it("is the request as it came: method, path with query, Host with its port, cookies, spelling", async () => {
    const { pod, gateway } = await behind();
    const answer = await raw(gateway, get("/a%20b?next=%2Fx&x=1", ["Cookie: a=1", "X-oDd: \xe9"], `${HOST}:443`));
    expect(answer).toContain("fine");
    expect(pod.heard[0]).toMatch(
      /^GET \/a%20b\?next=%2Fx&x=1 HTTP\/1\.1\r\nHost: superset\.data\.contoso\.com:443\r\n/,
    );
    expect(pod.heard[0]).toContain("\r\nCookie: a=1\r\nX-oDd: \xe9\r\n");
    expect(gateway.connected).toEqual(["bi/superset/8088"]);
  });

  it("has none of what only the route may say", async () => {
    const { pod, gateway } = await behind();
    const forged = [
      "X-Forwarded-Proto: http",
      "x-forwarded-proto: ftp",
      "X-Forwarded-Host: evil.example",
      "X-FORWARDED-HOST: evil.example",
      "X-Forwarded-Prefix: /evil",
      "X-Forwarded-User: evil",
      "remote-user: evil",
    ];
    await raw(gateway, get("/", forged));
    expect(pod.heard[0]).not.toMatch(/evil|ftp|: http\r/);
    expect(lines(pod.heard[0] ?? "").filter((line) => line.startsWith("x-forwarded-"))).toEqual([
      "x-forwarded-for: 127.0.0.1",
      "x-forwarded-proto: https",
      `x-forwarded-host: ${HOST}`,
    ]);
  });

  it("has the client's own address last in X-Forwarded-For, whatever the client says before", async () => {
    const { pod, gateway } = await behind();
    await raw(gateway, get("/", ["X-Forwarded-For: 10.0.0.1, 203.0.113.9", "x-forwarded-for: 10.0.0.2"]));
    const said = lines(pod.heard[0] ?? "").filter((line) => line.startsWith("x-forwarded-for"));
    expect(said).toEqual(["x-forwarded-for: 10.0.0.1, 203.0.113.9,10.0.0.2,127.0.0.1"]);
  });

  it("keeps what the route sets when the client calls it hop-by-hop", async () => {
    const { pod, gateway } = await behind();
    const named = "Connection: X-Forwarded-Proto, X-Forwarded-Host, X-Forwarded-For, Host, X-Mine";
    await raw(gateway, get("/", [named, "X-Mine: 1", "X-Forwarded-For: 10.0.0.1"]));
    const heard = lines(pod.heard[0] ?? "");
    expect(heard).toEqual(
      expect.arrayContaining([
        `host: ${HOST}`,
        "x-forwarded-for: 127.0.0.1",
        "x-forwarded-proto: https",
        `x-forwarded-host: ${HOST}`,
        "connection: close",
      ]),
    );
    expect(heard).not.toContain("x-mine: 1");
  });

  it("is the path that the route was found by, without dot segments", async () => {
    const only = deployedRule({ matches: [{ path: { value: "/public" } }] });
    const { pod, gateway } = await behind(fine, only);
    for (const path of ["/public/../admin", "/public/%2e%2E/admin", "/public/..", "/public\\..\\admin"])
      expect(await raw(gateway, get(path))).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(pod.heard).toEqual([]);
    await raw(gateway, get("/x/../public/a/./b?c=/../d"));
    expect(pod.heard[0]).toMatch(/^GET \/public\/a\/b\?c=\/\.\.\/d HTTP/);
  });

  it("is the host of the request line where it has one, not another one in Host", async () => {
    const { pod, gateway } = await behind();
    expect(await raw(gateway, get(`https://${HOST}/x?y=1`, [], "evil.example"))).toContain("fine");
    expect(pod.heard[0]).toMatch(/^GET \/x\?y=1 HTTP/);
    expect(lines(pod.heard[0] ?? "")).toContain(`host: ${HOST}`);
    expect(pod.heard[0]).not.toContain("evil");
    expect(await raw(gateway, get("https://evil.example/"))).toMatch(/^HTTP\/1\.1 404 /);
  });

  it.each([
    ["two hosts", get("/", ["Host: evil.example"])],
    ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"],
    ["a host that is no name", get("/", [], "a@b")],
    ["two lengths", get("/", ["Content-Length: 1", "Content-Length: 2"])],
    ["a length and chunks", `${get("/", ["Content-Length: 4", "Transfer-Encoding: chunked"])}0\r\n\r\n`],
    ["a broken line", "GET / HTTP/1.1\r\nHost: a\r\nX y\r\n\r\n"],
  ])("is nothing of a request with %s", async (_what, bytes) => {
    const { pod, gateway } = await behind();
    expect(await raw(gateway, bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect(pod.heard).toEqual([]);
  });

  it("is a body as it came, by length or in chunks, while it comes", async () => {
    const { pod, gateway } = await behind((socket, heard) => {
      if (/hello/.test(heard)) fine(socket, heard);
    });
    const post = (headers: string) => `POST / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n${headers}\r\n\r\n`;
    expect(await raw(gateway, `${post("Content-Length: 5")}hello`)).toContain("fine");
    expect(lines(pod.heard[0] ?? "")).toContain("content-length: 5");
    // The last chunk never comes: the pod has heard the first one all the same.
    expect(await raw(gateway, `${post("Transfer-Encoding: chunked")}5\r\nhello\r\n`, "fine")).toContain("fine");
    expect(pod.heard[1]).toMatch(/transfer-encoding: chunked[\s\S]*5\r\nhello\r\n$/i);
  });

  it("is an empty body where a POST has none", async () => {
    const { pod, gateway } = await behind();
    await raw(gateway, `POST / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
    expect(lines(pod.heard[0] ?? "")).toContain("content-length: 0");
  });
});

describe("what the browser gets", () => {
  it("is the answer with its cookies, without hop-by-hop headers, with what the route sets", async () => {
    const head =
      "HTTP/1.1 201 Made\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nStrict-Transport-Security: max-age=0\r\nConnection: X-Hop\r\nX-Hop: 1\r\nContent-Length: 2\r\n\r\nok";
    const { gateway } = await behind((socket) => socket.end(head));
    const answer = await raw(gateway, get("/"));
    expect(answer).toMatch(/^HTTP\/1\.1 201 Made\r\n/);
    expect(lines(answer).filter((line) => line.startsWith("set-cookie"))).toEqual(["set-cookie: a", "set-cookie: b"]);
    expect(lines(answer).filter((line) => line.startsWith("strict-"))).toEqual([
      "strict-transport-security: max-age=63072000",
    ]);
    expect(answer).not.toContain("X-Hop");
    expect(answer.endsWith("ok")).toBe(true);
  });

  it("comes as it is made, with nothing held back", async () => {
    const { pod, gateway } = await behind((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
    });
    expect(await raw(gateway, get("/"), "first")).toContain("first");
    // The client left, so the pod's connection ends too.
    await until(() => pod.sockets[0]?.destroyed === true);
  });

  it("stays small in memory: a pod cannot write more than the browser takes", async () => {
    const chunk = "x".repeat(64 * 1024);
    let written = 0;
    const { gateway } = await behind((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
      const more = () => {
        while (written < 1e9 && socket.write(chunk)) written += chunk.length;
      };
      socket.on("drain", more);
      more();
    });
    const { connect } = await import("node:tls");
    const slow = connect({ port: gateway.port, host: "127.0.0.1", servername: HOST, ca: gateway.authority.caPem });
    ends.add(() => slow.destroy());
    slow.write(get("/"));
    slow.once("readable", () => {});
    await until(() => written > 0);
    let before = -1;
    while (before !== written) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(written).toBeLessThan(50e6);
  });

  it("breaks off when the pod does, and is not made to look whole", async () => {
    const { gateway } = await behind((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
      setTimeout(() => socket.destroy(), 20);
    });
    const answer = await raw(gateway, get("/"));
    expect(answer).toContain("first");
    expect(answer).not.toContain("\r\n0\r\n");
  });

  it("is an early answer to a body that the pod did not read, and the connection lives on", async () => {
    let count = 0;
    const { gateway } = await behind((socket, heard) => {
      if (!heard.includes("\r\n\r\n")) return;
      count += 1;
      socket.end(`HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n`);
      socket.pause();
    });
    const big = `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 3000000\r\n\r\n${"x".repeat(3_000_000)}`;
    const answer = await raw(gateway, big + get("/next"));
    expect(answer.match(/HTTP\/1\.1 413 /g)).toHaveLength(2);
    expect(count).toBeGreaterThanOrEqual(2);
  });
});

describe("a pod that does not answer", () => {
  it("is 504 after the route's time", async () => {
    const { pod, gateway } = await behind(() => {}, deployedRule({ timeouts: { request: "50ms" } }));
    const answer = await raw(gateway, get("/"));
    expect(answer).toMatch(/^HTTP\/1\.1 504 /);
    expect(answer).toContain("the Service superset, port 8088, in the namespace bi did not answer within 0.05 s");
    await until(() => pod.sockets[0]?.destroyed === true);
  });

  it("breaks off after the route's time when the answer has begun", async () => {
    const begin = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbegun";
    const { gateway } = await behind((socket) => socket.write(begin), deployedRule({ timeouts: { request: "1s" } }));
    expect(await raw(gateway, get("/"))).toMatch(/begun$/);
  });

  it("is 503 with the Service and the command when none is ready", async () => {
    const gateway = await playground(ends, [httpRoute([deployedRule()])], undefined);
    const answer = await raw(gateway, get("/"));
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain("No pod is ready behind the Service superset, port 8088, in the namespace bi.");
    expect(answer).toContain("entrada sandbox run <tool>");
    expect(lines(answer)).toContain("strict-transport-security: max-age=63072000");
  });

  it("is 503 when its port is closed, 502 when it hangs up", async () => {
    const { pod, gateway } = await behind((socket) => socket.destroy());
    expect(await raw(gateway, get("/"))).toMatch(/^HTTP\/1\.1 502 [\s\S]*ended the connection without an answer/);
    expect(pod.heard).toHaveLength(1);
    const closed = await fakePod({ add: (end) => ends.add(end) }, fine);
    await ends.run();
    const vacant = await playground(ends, [httpRoute([deployedRule()])], closed.port);
    expect(await raw(vacant, get("/"))).toMatch(/^HTTP\/1\.1 503 [\s\S]*No pod is ready/);
  });

  it("is 502 when the connection cannot be made at all", async () => {
    const connect = () => Promise.reject(new Error("the network is gone"));
    const gateway = await playground(ends, [httpRoute([deployedRule()])], 1, { connect });
    expect(await raw(gateway, get("/"))).toMatch(/^HTTP\/1\.1 502 [\s\S]*the network is gone/);
  });

  it("hears that the client left", async () => {
    const { pod, gateway } = await behind(() => {});
    const leaving = raw(gateway, get("/"), "never").catch(() => "");
    await until(() => (pod.heard[0] ?? "") !== "");
    await gateway.close();
    await leaving;
    await until(() => pod.sockets[0]?.destroyed === true);
    expect(gateway.log.at(-1)).toMatchObject({ status: 499 });
  });
});

describe("websockets", () => {
  const wanted = ["Upgrade: websocket", "Sec-WebSocket-Key: k", "X-Forwarded-Proto: http"];
  const ask = (lines: string[] = wanted) =>
    [`GET /ws?t=1 HTTP/1.1`, `Host: ${HOST}`, "Connection: Upgrade, X-Forwarded-Host", ...lines, "", ""].join("\r\n");

  it("pass in both directions, under the same headers", async () => {
    const { pod, gateway } = await behind((socket, heard) => {
      if (heard.endsWith("\r\n\r\n"))
        socket.write(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-A: 1\r\n\r\nhi",
        );
      if (heard.endsWith("ping")) socket.write("pong");
    });
    const answer = await raw(gateway, `${ask()}ping`, "pong");
    expect(answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*\r\n\r\nhipong$/);
    expect(lines(answer)).toEqual([
      "x-a: 1",
      "strict-transport-security: max-age=63072000",
      "connection: Upgrade",
      "upgrade: websocket",
    ]);
    const heard = lines(pod.heard[0] ?? "");
    expect(heard).toEqual(
      expect.arrayContaining([
        "connection: Upgrade",
        "upgrade: websocket",
        "sec-websocket-key: k",
        "x-forwarded-proto: https",
      ]),
    );
    expect(heard).toContain(`x-forwarded-host: ${HOST}`);
    expect(heard).not.toContain("x-forwarded-proto: http");
    await until(() => pod.sockets[0]?.destroyed === true);
    await until(() => gateway.log.length > 0);
    expect(gateway.log).toMatchObject([{ status: 101, path: "/ws" }]);
  });

  it("live longer than the route's time, and end with the gateway", async () => {
    const { pod, gateway } = await behind(
      (socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
      deployedRule({ timeouts: { request: "1s" } }),
    );
    const open = raw(gateway, ask());
    await until(() => pod.sockets.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(pod.sockets[0]?.destroyed).toBe(false);
    await gateway.close();
    expect(await open).toMatch(/^HTTP\/1\.1 101 /);
    await until(() => pod.sockets[0]?.destroyed === true);
  });

  it("are answered without a change of protocol where the tool says no, however much it says", async () => {
    const body = "y".repeat(2_000_000);
    const { gateway } = await behind((socket) =>
      socket.end(`HTTP/1.1 401 Unauthorized\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    );
    const answer = await raw(gateway, ask());
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer.endsWith(body)).toBe(true);
  });

  it.each([
    ["h2c", ["Upgrade: h2c", "HTTP2-Settings: x"]],
    ["a websocket with a body", ["Upgrade: websocket", "Content-Length: 3"]],
    ["a websocket with chunks", ["Upgrade: websocket", "Transfer-Encoding: chunked"]],
  ])("are all that is let through: %s is 403", async (_what, headers) => {
    const { pod, gateway } = await behind();
    expect(await raw(gateway, ask(headers))).toMatch(/^HTTP\/1\.1 403 /);
    expect(pod.heard).toEqual([]);
  });

  it("are 503 and 404 as other requests are", async () => {
    const gateway = await playground(ends, [httpRoute([deployedRule()])], undefined);
    expect(await raw(gateway, ask())).toMatch(/^HTTP\/1\.1 503 /);
    expect(await raw(gateway, ask().replace(HOST, "evil.example"))).toMatch(/^HTTP\/1\.1 404 /);
  });
});
