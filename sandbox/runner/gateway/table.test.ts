import { describe, expect, it } from "vitest";
import { readRoute } from "./read-route.ts";
import { routeTable } from "./table.ts";
import { deployedRule, HOST, httpRoute } from "./testing.ts";

const at = (type: string, value: string, service: string) =>
  deployedRule({ matches: [{ path: { type, value } }], backendRefs: [{ name: service, port: 80 }] });

function tableOf(...routes: Parameters<typeof readRoute>[0][]) {
  return routeTable(routes.map(readRoute).filter((route) => route !== undefined));
}

function serviceAt(table: ReturnType<typeof tableOf>, path: string, host = HOST): string | undefined {
  const action = table.find(host, path)?.rule.action;
  return action?.kind === "forward" ? action.backend.service : action?.kind;
}

describe("the precedence of rules", () => {
  const table = tableOf(
    httpRoute([
      at("PathPrefix", "/", "root"),
      at("PathPrefix", "/abc", "short"),
      at("PathPrefix", "/abc/def/", "long"),
      at("PathPrefix", "/abc/def/x", "longest"),
    ]),
    httpRoute([at("Exact", "/abc/def/x", "exact")], { name: "later", created: "2027-01-01T00:00:00Z" }),
  );

  it.each([
    ["/", "root"],
    ["/abc", "short"],
    ["/abc/", "short"],
    ["/abc/d", "short"],
    ["/abcd", "root"],
    ["/ABC", "root"],
    ["/abc/def", "long"],
    ["/abc/def/", "long"],
    ["/abc/def/x", "exact"],
    ["/abc/def/x/", "longest"],
  ])("%s goes to %s", (path, service) => {
    expect(serviceAt(table, path)).toBe(service);
  });

  it("is the older route's among equals, then the first by name, then the first in its route", () => {
    const rules = (one: string) => [at("PathPrefix", "/", one), at("PathPrefix", "/", `${one}-second`)];
    const older = { created: "2026-01-01T00:00:00Z" };
    expect(serviceAt(tableOf(httpRoute(rules("new")), httpRoute(rules("old"), { ...older, name: "z" })), "/")).toBe(
      "old",
    );
    const [b, a] = ["b", "a"].map((name) => httpRoute(rules(name), { name }));
    expect(serviceAt(tableOf(b as never, a as never), "/")).toBe("a");
  });

  it("is the longest host name's, a full name before every wildcard", () => {
    const hosts = tableOf(
      httpRoute([at("PathPrefix", "/", "any")], { name: "a", hostnames: [] }),
      httpRoute([at("Exact", "/x", "wide")], { name: "b", hostnames: ["*.contoso.com"] }),
      httpRoute([at("PathPrefix", "/", "narrow")], { name: "c", hostnames: ["*.data.contoso.com"] }),
      httpRoute([at("PathPrefix", "/only", "full")], { name: "d", hostnames: ["A.data.contoso.com"] }),
    );
    expect(serviceAt(hosts, "/only", "a.data.contoso.com")).toBe("full");
    expect(serviceAt(hosts, "/x", "a.data.contoso.com")).toBe("narrow");
    expect(serviceAt(hosts, "/x", "b.c.data.contoso.com")).toBe("narrow");
    expect(serviceAt(hosts, "/x", "b.contoso.com")).toBe("wide");
    expect(serviceAt(hosts, "/y", "b.contoso.com")).toBe("any");
    expect(serviceAt(hosts, "/x", "contoso.com")).toBe("any");
    expect(hosts.hosts).toEqual(["*.contoso.com", "*.data.contoso.com", "a.data.contoso.com"]);
    expect(serviceAt(hosts, "/x", "evilcontoso.com")).toBe("any");
    expect(hosts.hostname("evilcontoso.com")).toBeUndefined();
    expect(hosts.hostname("q.data.contoso.com")).toBe("*.data.contoso.com");
  });

  it("leaves hosts and paths without a rule alone", () => {
    const one = tableOf(httpRoute([at("PathPrefix", "/app", "app")]));
    expect(one.find(HOST, "/other")).toBeUndefined();
    expect(one.find("evil.example", "/app")).toBeUndefined();
    expect(one.find(`${HOST}.evil.example`, "/app")).toBeUndefined();
    expect(one.hostname("evil.example")).toBeUndefined();
  });
});

describe("a rule that asks for more than the gateway does", () => {
  const refusedWith = (changes: Record<string, unknown>) => {
    const action = tableOf(httpRoute([deployedRule(changes)])).find(HOST, "/")?.rule.action;
    return action?.kind === "refuse" ? action.why : action?.kind;
  };
  const modifier = (requestHeaderModifier: unknown) => ({
    filters: [{ type: "RequestHeaderModifier", requestHeaderModifier }],
  });

  it.each([
    [
      "a filter of another type",
      { filters: [{ type: "URLRewrite", urlRewrite: { hostname: "x" } }] },
      "filters.0.type",
    ],
    ["an extension", { filters: [{ type: "ExtensionRef", extensionRef: { name: "x" } }] }, "filters.0.type"],
    ["a header match", { matches: [{ headers: [{ name: "a", value: "b" }] }] }, "headers"],
    ["a method match", { matches: [{ method: "GET" }] }, "method"],
    ["a query match", { matches: [{ queryParams: [{ name: "a", value: "b" }] }] }, "queryParams"],
    ["a regular expression", { matches: [{ path: { type: "RegularExpression", value: "/.*" } }] }, "path.type"],
    ["retries", { retry: { attempts: 2 } }, "retry"],
    ["filters of a backend", { backendRefs: [{ name: "a", port: 1, filters: [] }] }, "filters"],
    [
      "two backends",
      {
        backendRefs: [
          { name: "a", port: 1 },
          { name: "b", port: 1 },
        ],
      },
      "several backends",
    ],
    ["no backend", { backendRefs: [] }, "no backend"],
    ["a backend without weight", { backendRefs: [{ name: "a", port: 1, weight: 0 }] }, "no backend"],
    ["a backend elsewhere", { backendRefs: [{ name: "a", port: 1, namespace: "other" }] }, "another namespace, other"],
    ["a backend that is no Service", { backendRefs: [{ kind: "ServiceImport", name: "a", port: 1 }] }, "kind"],
    ["a timeout that is none", { timeouts: { request: "soon" } }, "is no duration"],
    ["a change of Host", modifier({ set: [{ name: "HOST", value: "x" }] }), "host cannot be changed"],
    ["a change of framing", modifier({ remove: ["Content-Length"] }), "content-length cannot be changed"],
    ["two changes of one header", modifier({ set: [{ name: "A", value: "x" }], remove: ["a"] }), "a is changed twice"],
    ["a smuggled line", modifier({ set: [{ name: "A", value: "x\r\nB: y" }] }), "does not allow"],
  ])("%s is refused", (_what, changes, why) => {
    expect(refusedWith(changes)).toContain(why);
  });

  it("takes one backend beside others without weight, in its own namespace by name", () => {
    const backendRefs = [
      { name: "b", port: 1, weight: 0 },
      { name: "a", port: 1, namespace: "bi" },
    ];
    expect(refusedWith({ backendRefs })).toBe("forward");
  });

  it("is refused before the rule that would take its requests without the condition", () => {
    const table = tableOf(
      httpRoute([
        deployedRule(),
        deployedRule({ matches: [{ path: { value: "/" }, headers: [{ name: "a", value: "b" }] }] }),
        deployedRule({ matches: [{ path: { value: "/deep" } }] }),
      ]),
    );
    expect(serviceAt(table, "/")).toBe("refuse");
    expect(serviceAt(table, "/deep")).toBe("superset");
    const unreadable = tableOf(
      httpRoute([deployedRule(), deployedRule({ matches: [{ path: { type: "RegularExpression", value: "/a" } }] })]),
    );
    expect(serviceAt(unreadable, "/anything")).toBe("refuse");
  });

  it("leaves routes of a mesh to the mesh", () => {
    const { spec, ...route } = httpRoute([deployedRule()]);
    expect(tableOf({ ...route, spec: { ...spec, parentRefs: [{ kind: "Service", name: "x" }] } }).hosts).toEqual([]);
  });
});

describe("timeouts", () => {
  const timeoutOf = (timeouts: Record<string, string>) => {
    const action = tableOf(httpRoute([deployedRule({ timeouts })])).find(HOST, "/")?.rule.action;
    return action?.kind === "forward" ? action.backend.timeoutMs : "refused";
  };
  it.each([
    [{ request: "120s" }, 120_000],
    [{ request: "1h2m3s4ms" }, 3_723_004],
    [{ request: "0s" }, undefined],
    [{}, undefined],
    [{ request: "10s", backendRequest: "500ms" }, 500],
    [{ request: "10s", backendRequest: "0s" }, 10_000],
  ])("%j is %s ms", (timeouts, ms) => {
    expect(timeoutOf(timeouts)).toBe(ms);
  });
});
