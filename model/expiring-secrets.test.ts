import { expect, it } from "vitest";
import { toolSecrets } from "./expiring-secrets.ts";
import { sampleContract, sampleSettings } from "./testing/sample.ts";

const contracts = [sampleContract()];
const settings = (version: string) =>
  sampleSettings({
    secrets: { lifetimeDays: 60, anchor: "2026-01-01" },
    tools: { charts: { version, image: `contoso.azurecr.io/charts:${version}`, access: { Owner: ["admins"] } } },
  });

it("tells when the older secret of a tool ends, and which one is in use", () => {
  const [charts] = toolSecrets(settings("1.5.0"), contracts, new Date("2026-02-20T12:00:00Z"));
  // The windows are 30 days: the second began on 31 January, the third begins on 2 March.
  expect(charts).toMatchObject({ tool: "charts", next: "a", days: 9, lastDay: "2026-04-01T00:00:00Z" });
  expect(charts?.windows.nextRotation).toBe("2026-03-02T00:00:00Z");
});

it("is empty where every tool does without", () => {
  expect(toolSecrets(settings("2.0.0"), contracts, new Date("2026-02-20T12:00:00Z"))).toEqual([]);
});
