import { connect } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { openAuthority } from "../../network/authority.ts";
import { startGateway } from "./gateway.ts";
import { cleanup, deployedRule, fakePod, fine, get, HOST, httpRoute, playground, raw, until } from "./testing.ts";

const ends = cleanup();
afterEach(() => ends.run());

const OTHER = "airflow.data.contoso.com";

describe("the gateway", () => {
  it("follows new, changed and deleted routes, and tells the hosts when they change", async () => {
    const pod = await fakePod(ends, fine);
    const gateway = await playground(ends, [httpRoute([deployedRule()])], pod.port);
    expect(gateway.hosts).toEqual([[HOST]]);
    expect(await raw(gateway, get("/", [], OTHER))).toMatch(/^HTTP\/1\.1 404 [\s\S]*No HTTPRoute has the host airflow/);

    gateway.routes.push(httpRoute([deployedRule()], { name: "airflow", hostnames: [OTHER] }));
    await until(() => gateway.hosts.length === 2);
    expect(gateway.hosts[1]).toEqual([OTHER, HOST]);
    expect(await raw(gateway, get("/", [], OTHER))).toContain("fine");

    gateway.routes[0] = httpRoute([deployedRule({ matches: [{ path: { value: "/app" } }] })]);
    gateway.routes.pop();
    await until(() => gateway.hosts.length === 3);
    expect(gateway.hosts[2]).toEqual([HOST]);
    expect(await raw(gateway, get("/"))).toMatch(/^HTTP\/1\.1 404 [\s\S]*No rule of the HTTPRoutes/);
    expect(await raw(gateway, get("/app"))).toContain("fine");
    expect(await raw(gateway, get("/", [], OTHER))).toMatch(/^HTTP\/1\.1 404 /);
  });

  it("tells at its start that there are no hosts", async () => {
    expect((await playground(ends, [], 1)).hosts).toEqual([[]]);
  });

  it("leads people on where a route redirects", async () => {
    const rule = {
      matches: [{ path: { type: "PathPrefix", value: "/" } }],
      filters: [
        {
          type: "RequestRedirect",
          requestRedirect: { scheme: "https", hostname: "adb-1.azuredatabricks.net", statusCode: 302 },
        },
      ],
    };
    const gateway = await playground(ends, [httpRoute([rule])], undefined);
    const answer = await raw(gateway, get("/sql/x?o=1"));
    expect(answer).toMatch(/^HTTP\/1\.1 302 Found\r\n/);
    expect(answer).toContain("\r\nLocation: https://adb-1.azuredatabricks.net/sql/x?o=1\r\n");
    expect(gateway.connected).toEqual([]);
  });

  it("refuses what it does not do, and says so in its log at once", async () => {
    const rule = deployedRule({ filters: [{ type: "CORS", cors: {} }] });
    const gateway = await playground(ends, [httpRoute([rule])], 1);
    expect(gateway.log).toMatchObject([{ route: "bi/superset", problem: expect.stringContaining("filters.0.type") }]);
    expect(await raw(gateway, get("/"))).toMatch(/^HTTP\/1\.1 500 [\s\S]*The HTTPRoute bi\/superset asks for/);
    expect(gateway.connected).toEqual([]);
    expect(gateway.log[1]).toMatchObject({ status: 500, problem: expect.stringContaining("bi/superset") });
  });

  it("logs requests without what is secret in them", async () => {
    const pod = await fakePod(ends, fine);
    const gateway = await playground(ends, [httpRoute([deployedRule()])], pod.port);
    await raw(gateway, get("/oauth?code=s3cret&state=s3cret", ["Cookie: s3cret", "Authorization: s3cret"]));
    await raw(gateway, get(`https://${HOST}/oauth?code=s3cret`));
    await raw(gateway, get("/?s3cret", [], "evil.example"));
    await until(() => gateway.log.length === 3);
    expect(JSON.stringify(gateway.log)).not.toContain("s3cret");
    expect(gateway.log[0]).toEqual({
      time: expect.any(String),
      method: "GET",
      host: HOST,
      path: "/oauth",
      status: 200,
      ms: expect.any(Number),
      route: "bi/superset",
      problem: undefined,
    });
  });

  it("serves several requests on one connection", async () => {
    const pod = await fakePod(ends, fine);
    const gateway = await playground(ends, [httpRoute([deployedRule()])], pod.port);
    const kept = `GET /1 HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
    expect((await raw(gateway, kept + get("/2"))).match(/fine/g)).toHaveLength(2);
  });

  it("keeps its routes while the API server is away, and says so once", async () => {
    const pod = await fakePod(ends, fine);
    let away = false;
    let asked = 0;
    const request = async <T>() => {
      asked += 1;
      if (away) throw new Error("connection refused");
      return { items: [httpRoute([deployedRule()])] } as T;
    };
    const gateway = await playground(ends, [], pod.port, { client: { request } });
    away = true;
    const before = asked;
    await until(() => asked > before + 3);
    expect(await raw(gateway, get("/"))).toContain("fine");
    const problems = gateway.log.filter(({ problem }) => problem !== undefined);
    expect(problems).toMatchObject([{ problem: "HTTPRoutes: connection refused" }]);
  });

  it("tells the hosts again when it was not heard, and its port with them", async () => {
    const told: unknown[] = [];
    const onHosts = async (hosts: readonly string[], port: number) => {
      told.push([hosts, port]);
      if (told.length === 2) throw new Error("busy");
    };
    const gateway = await playground(ends, [httpRoute([deployedRule()])], 1, { onHosts });
    gateway.routes.push(httpRoute([deployedRule()], { name: "airflow", hostnames: [OTHER] }));
    await until(() => told.length === 3);
    expect(told).toEqual([
      [[HOST], gateway.port],
      [[OTHER, HOST], gateway.port],
      [[OTHER, HOST], gateway.port],
    ]);
  });

  it("does not start without the routes, and leaves nothing behind then", async () => {
    let port = 0;
    const starting = startGateway({
      client: { request: async <T>() => ({ items: [httpRoute([deployedRule()])] }) as T },
      authority: { issue: () => Promise.reject(new Error("no authority")) },
      connect: async () => undefined,
      onHosts: async (_hosts, gatewayPort) => {
        port = gatewayPort;
        throw new Error("The supervisor is away.");
      },
      log: () => {},
    });
    await expect(starting).rejects.toThrow("The supervisor is away.");
    await expect(raw({ port, authority: { caPem: "" } as never }, "x")).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe("certificates", () => {
  const certificateFor = (gateway: { port: number; authority: { caPem: string } }, servername: string) =>
    new Promise<{ serial: string; names: string | undefined; authorized: boolean }>((resolve, reject) => {
      const socket = connect(
        { port: gateway.port, host: "127.0.0.1", servername, ca: gateway.authority.caPem, rejectUnauthorized: false },
        () => {
          const { serialNumber, subjectaltname } = socket.getPeerCertificate();
          resolve({ serial: serialNumber, names: subjectaltname, authorized: socket.authorized });
          socket.destroy();
        },
      );
      socket.once("error", reject);
    });

  it("are one for each host, kept, and trusted by name", async () => {
    const routes = [httpRoute([deployedRule()], { hostnames: [HOST, OTHER, "*.apps.contoso.com"] })];
    const gateway = await playground(ends, routes, 1);
    const first = await certificateFor(gateway, HOST);
    expect(first).toMatchObject({ names: `DNS:${HOST}`, authorized: true });
    expect(await certificateFor(gateway, HOST)).toEqual(first);
    expect(await certificateFor(gateway, OTHER)).toMatchObject({ names: `DNS:${OTHER}`, authorized: true });
    expect(await certificateFor(gateway, "a.apps.contoso.com")).toMatchObject({ names: "DNS:*.apps.contoso.com" });
  });

  it("name no host that has no route", async () => {
    const gateway = await playground(ends, [httpRoute([deployedRule()])], 1);
    expect(await certificateFor(gateway, "login.microsoftonline.com")).toMatchObject({ names: "DNS:gateway.invalid" });
  });

  it("are made anew before they end", async () => {
    let now = new Date();
    const gateway = await playground(ends, [httpRoute([deployedRule()])], 1, { now: () => now });
    const first = await certificateFor(gateway, HOST);
    now = new Date(now.getTime() + 59 * 86_400_000);
    expect(await certificateFor(gateway, HOST)).toEqual(first);
    now = new Date(now.getTime() + 2 * 86_400_000);
    expect((await certificateFor(gateway, HOST)).serial).not.toBe(first.serial);
  });

  it("are tried again after a failure", async () => {
    let failing = true;
    const gateway = await playground(ends, [httpRoute([deployedRule()])], 1);
    const { issue } = await openAuthority(gateway.authority.caFile.replace(/\/ca\.crt$/, ""));
    const authority = {
      issue: (request: Parameters<typeof issue>[0]) => (failing ? Promise.reject(new Error("disk")) : issue(request)),
    };
    const broken = await playground(ends, [httpRoute([deployedRule()])], 1, { authority });
    const trusting = { port: broken.port, authority: gateway.authority };
    await expect(certificateFor(trusting, HOST)).rejects.toThrow();
    failing = false;
    expect(await certificateFor(trusting, HOST)).toMatchObject({ authorized: true });
  });
});
