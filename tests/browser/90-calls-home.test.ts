import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ProxyLogEntry } from "../../sandbox/network/proxy.ts";
import { askedHosts } from "./asked-hosts.ts";
import { useCompany } from "./shared.ts";

const { company } = useCompany();

/** Hosts outside that a tool may call. Nothing is needed, so there is none. */
const ALLOWED: readonly string[] = [];

describe("after all sign-ins", () => {
  const logged = (): ProxyLogEntry[] =>
    readFileSync(join(company.sandbox.layout.logs, "proxy.log"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as ProxyLogEntry);

  it("no tool has called anybody whom the settings do not name", () => {
    const entries = logged();
    // The log is the one that the tools' requests stand in.
    expect(entries.filter(({ outcome }) => outcome === "connected").map(({ host }) => host)).toEqual(
      expect.arrayContaining(["login.microsoftonline.com", "superset.data.contoso.com", "acme.okta.com"]),
    );
    const refused = entries.filter(({ outcome }) => outcome === "refused").map(({ host, port }) => `${host}:${port}`);
    expect([...new Set(refused)].filter((host) => !ALLOWED.includes(host))).toEqual([]);
  });

  it("no page of a tool has asked for anything from elsewhere", () => {
    const own = /(^|\.)(data\.contoso\.com|login\.microsoftonline\.com|acme\.okta\.com)$/;
    const hosts = askedHosts(company);
    expect(hosts).toEqual(expect.arrayContaining(["superset.data.contoso.com", "airflow.data.contoso.com"]));
    expect(hosts.filter((host) => !own.test(host) && !ALLOWED.includes(host))).toEqual([]);
  });
});
