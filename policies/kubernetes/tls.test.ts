import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages, type Sample } from "../testing/harness.ts";
import { noHttpUrls } from "./no-http-urls.ts";
import { routesBehindTls } from "./routes-behind-tls.ts";

describe("routes-behind-tls", () => {
  const run = (type: string, spec: object) =>
    messages(routesBehindTls, { type: `kubernetes:${type}`, props: { spec } });
  const scheme = (value: unknown) => ({
    type: "RequestHeaderModifier",
    requestHeaderModifier: { set: [{ name: "x-forwarded-proto", value }] },
  });
  const strict = (value: unknown) => ({
    type: "ResponseHeaderModifier",
    responseHeaderModifier: { set: [{ name: "Strict-Transport-Security", value }] },
  });
  const year = strict("max-age=31536000; includeSubDomains");
  const route = (filters: unknown, changes: object = {}) =>
    run("gateway.networking.k8s.io/v1:HTTPRoute", {
      parentRefs: [{ name: "public", namespace: "gateway" }],
      hostnames: ["charts.contoso.com"],
      rules: [{ filters, backendRefs: [{ name: "charts", port: 80 }] }],
      ...changes,
    });

  it("accepts a route that says https to tool and browser, and one that only sends people there", () => {
    expect(route([scheme("https"), year])).toEqual([]);
    expect(route([{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }])).toEqual([]);
    expect(route([scheme(unknownText), strict(unknownText)])).toEqual([]);
    expect(route([unknownText])).toEqual([]);
    expect(route([scheme("https"), year], { parentRefs: unknownText, hostnames: unknownText })).toEqual([]);
  });

  it.each([
    ["no filters", route(undefined), ["without X-Forwarded-Proto", "without Strict-Transport-Security"]],
    ["http", route([scheme("http"), year]), ['with X-Forwarded-Proto "http"']],
    ["a day of TLS", route([scheme("https"), strict("max-age=86400")]), ['with "max-age=86400"']],
    ["every host", route([scheme("https"), year], { hostnames: [] }), ["spec.hostnames is empty"]],
    ["no Gateway", route([scheme("https"), year], { parentRefs: undefined }), ["spec.parentRefs is empty"]],
    [
      "a Service as its parent",
      route([scheme("https"), year], { parentRefs: [{ kind: "Service", name: "x" }] }),
      ['spec.parentRefs[0].kind is "Service"'],
    ],
  ])("refuses a route with %s", (_, found, wanted) => {
    expect(found).toEqual(wanted.map((one) => expect.stringContaining(one)));
  });

  it("refuses other ways in", () => {
    expect(run("core/v1:Service", { type: "ClusterIP" })).toEqual([]);
    expect(run("core/v1:Service", {})).toEqual([]);
    expect(run("core/v1:Service", { type: "LoadBalancer" })).toEqual([expect.stringContaining('"LoadBalancer"')]);
    expect(run("core/v1:Service", { type: "NodePort", externalIPs: ["203.0.113.7"] })).toHaveLength(2);
    expect(run("networking.k8s.io/v1:Ingress", {})).toEqual([expect.stringContaining("wanted: an HTTPRoute")]);
    const listeners = [{ protocol: "HTTPS" }, unknownText, { protocol: "HTTP" }];
    expect(run("gateway.networking.k8s.io/v1:Gateway", { listeners })).toEqual([
      expect.stringContaining("spec.listeners[2].protocol"),
    ]);
  });
});

describe("no-http-urls", () => {
  const config = { domains: ["data.contoso.com"] };
  const map = (data: object) => messages(noHttpUrls, { type: "kubernetes:core/v1:ConfigMap", props: { data } }, config);
  const pod = (container: object): Sample => ({
    type: "kubernetes:apps/v1:Deployment",
    props: { spec: { template: { spec: { containers: [unknownText, container] } } } },
  });

  it("accepts https, Services, loopback and names of document kinds", () => {
    const urls = [
      "https://x.contoso.com",
      "http://airflow-api:8080",
      "http://om.om.svc:8585",
      "http://127.0.0.1:4180",
      "http://[::1]:1",
    ];
    expect(map({ "settings.json": JSON.stringify([...urls, "http://www.w3.org/2000/svg"]) })).toEqual([]);
    expect(map({ "late.json": unknownText })).toEqual([]);
  });

  it("reads programs for the company's and Microsoft's hosts only", () => {
    expect(map({ "config.py": "# see http://flask.example.org/docs" })).toEqual([]);
    expect(map({ "config.py": 'URL = "http://charts.data.contoso.com"' })).toHaveLength(1);
    expect(map({ "config.py": 'KEYS = "http://login.microsoftonline.com/common/discovery/keys"' })).toHaveLength(1);
  });

  it("refuses http in settings, environment and arguments, without user and path", () => {
    const found = map({ "settings.json": '{"url":"http://me:hunter2@charts.data.contoso.com/x?token=1"}' });
    expect(found).toEqual([
      expect.stringContaining('data["settings.json"] is an address of charts.data.contoso.com with http'),
    ]);
    expect(found.join()).not.toMatch(/hunter2|token/);
    const container = {
      env: [{ name: "MB_SITE_URL", value: "http://bi.data.contoso.com" }, unknownText],
      args: ["--upstream=http://10.1.2.3:80"],
    };
    expect(messages(noHttpUrls, pod(container), config)).toEqual([
      expect.stringContaining("spec.template.spec.containers[1].env[0].value is an address of bi.data.contoso.com"),
      expect.stringContaining("containers[1].args[0] is an address of 10.1.2.3"),
    ]);
  });
});
