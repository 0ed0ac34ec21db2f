import { readFileSync } from "node:fs";
import { CoreV1Api } from "@kubernetes/client-node";
import { beforeAll, describe, expect, it } from "vitest";
import { kubeConfig } from "../sandbox/live.ts";
import { PREVIOUS, RUNNING, type ToolId } from "./company.ts";
import { useCompany } from "./shared.ts";

const { company, tools, person, signInName } = useCompany();
const PERSON = "mei.tanaka";

/** Who somebody is in a tool, and what they may do there. */
interface Known {
  readonly identity: string;
  readonly roles: readonly string[];
  readonly rights: readonly string[];
}

/** Signs in to every tool with a new browser, by the tool's own page. */
async function known(): Promise<Record<ToolId, Known>> {
  const one = await person();
  const found: Partial<Record<ToolId, Known>> = {};
  for (const id of RUNNING) {
    await tools[id].signIn(one, { name: signInName(PERSON) }, { path: "/" });
    found[id] = {
      identity: await tools[id].identity(one),
      roles: await tools[id].roles(one),
      rights: await tools[id].rights(one),
    };
  }
  await one.close();
  return found as Record<ToolId, Known>;
}

/** The images of the pods that run on the runner's node, without their registry, sorted. */
async function runningImages(): Promise<string[]> {
  const { items } = await kubeConfig(company.sandbox).makeApiClient(CoreV1Api).listPodForAllNamespaces();
  const images = items
    .filter(
      ({ spec, metadata, status }) =>
        spec?.nodeName === "sandbox-node-2" && !metadata?.deletionTimestamp && status?.phase === "Running",
    )
    .flatMap(({ spec }) => spec?.containers.map(({ image = "" }) => image.split("/").at(-1) ?? "") ?? []);
  return [...new Set(images)].sort();
}

const versionsOf = (edits: typeof PREVIOUS) => edits.map(([, image]) => String(image).split("/").at(-1) ?? "");

describe("an upgrade by one line for each tool", () => {
  let before: Record<ToolId, Known>;
  let linesBefore: string[];
  beforeAll(async () => {
    linesBefore = readFileSync(company.file, "utf8").split("\n");
    expect(await runningImages()).toEqual(expect.arrayContaining(versionsOf(PREVIOUS)));
    before = await known();
    await company.up();
  });

  it("is three changed lines of the settings", () => {
    const lines = readFileSync(company.file, "utf8").split("\n");
    const changed = lines.filter((line, place) => line !== linesBefore[place]);
    expect(lines).toHaveLength(linesBefore.length);
    expect(changed.map((line) => line.trim().split(" ")[0])).toEqual(["image:", "image:", "image:"]);
  });

  it("ends the old versions", async () => {
    const images = await runningImages();
    for (const old of versionsOf(PREVIOUS)) expect(images).not.toContain(old);
    expect(images).toHaveLength(4);
  });

  it("leaves a person the same user with the same roles and rights", async () => {
    expect(await known()).toEqual(before);
  });
});
