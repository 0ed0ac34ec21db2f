import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { entraConfig } from "../../components/proxy/config.ts";
import { airflowContract } from "../../components/tools/airflow/contract.ts";
import {
  configFiles as airflowConfig,
  settingsFiles as airflowSettings,
} from "../../components/tools/airflow/settings-files.ts";
import { airflowSettings as airflow } from "../../components/tools/airflow/tests/fixtures.ts";
import { configFiles as supersetConfig } from "../../components/tools/superset/settings-files.ts";
import { ATTACKS } from "../browser/attacker/attacks/index.ts";
import { protectionTable } from "../browser/attacker/page.ts";
import { FIRM, PROTECTIONS } from "../browser/attacker/protections/index.ts";
import { TARGETS } from "../browser/attacker/targets.ts";
import { removeLines } from "../browser/attacker/weaken.ts";

const known = { tenantId: "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10", entraKeys: ["one", "two"], attackerKey: "three" };
const page = readFileSync("docs/attacks.md", "utf8");

/** The files that the components render, by the ConfigMap that holds them. */
const rendered: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "superset-config": supersetConfig(),
  "airflow-config": airflowConfig(),
  "airflow-settings": airflowSettings({
    settings: airflow(),
    roles: airflowContract.roles(airflow()),
    partners: [],
    vaultName: "kv-dev",
    identifierUri: "api://x/airflow",
  }),
  "reports-proxy": {
    "oauth2-proxy.cfg": entraConfig({
      host: "reports.data.contoso.com",
      account: "reports-proxy",
      redis: { host: "redis.contoso.com", port: 6380, tls: true },
      times: { refresh: 900, expire: 1800 },
      apiRoutes: ["^/api/"],
      tenantId: known.tenantId,
      allowedRoles: ["Author", "Reader"],
    }),
  },
};

describe.each(TARGETS.map((target) => [target.id]))("what holds the attacks on %s", (id) => {
  const attacks = ATTACKS.filter(({ targets }) => targets.includes(id)).map(({ name }) => name);
  const lines = PROTECTIONS.filter(({ target }) => target === id);

  it("is a line of what is deployed, or something that no line removes, for each attack", () => {
    const held = new Set(lines.flatMap(({ holds }) => holds));
    expect([...held].filter((name) => !attacks.includes(name))).toEqual([]);
    expect(Object.keys(FIRM[id]).filter((name) => !attacks.includes(name) || held.has(name))).toEqual([]);
    expect(attacks.filter((name) => !held.has(name) && !(name in FIRM[id]))).toEqual([]);
  });

  it.each(lines.filter(({ place }) => place.startsWith("ConfigMap")).map((one) => [one.line, one] as const))(
    "stands in the rendered files: %s",
    (_, protection) => {
      const [, map = "", file = ""] = /^ConfigMap ([^,]+), (.+)$/.exec(protection.place) ?? [];
      const files = rendered[map] ?? {};
      expect(removeLines(files, [protection], known)[file]).not.toBe(files[file]);
    },
  );

  it("stands in docs/attacks.md", () => expect(page).toContain(protectionTable(id)));
});

it("says in docs/attacks.md what each attack tries", () => {
  const described = [...page.matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, name]) => name);
  expect(described).toEqual(ATTACKS.map(({ name }) => name));
});

it("refuses to remove a line that is not there", () => {
  const [first] = PROTECTIONS;
  expect(() => removeLines({}, first === undefined ? [] : [first], known)).toThrow(/has no line/);
});
