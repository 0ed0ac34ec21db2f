import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { TestSandbox } from "../sandbox/harness.ts";
import { APPLICATION_CONTROL, ATTACKS, CONTROL, manyGroups } from "./attacker/attacks/index.ts";
import { PROTECTIONS, type Protection } from "./attacker/protections/index.ts";
import { Scene } from "./attacker/scene.ts";
import { AIRFLOW, SUPERSET, TARGETS, type Target } from "./attacker/targets.ts";
import { startBrowser } from "./chromium.ts";
import { AIRFLOW_CACHE } from "./company.ts";
import { Person } from "./person.ts";

/** Tries every attack on the running tools as they are deployed, and then again where nothing protects them: docs/attacks.md. */
const sandbox = new TestSandbox(inject("browserSandbox"));
let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open(sandbox);
  for (const target of [SUPERSET, AIRFLOW]) await scene.makeLocalAccount(target);
});
afterAll(() => scene?.close());

/** Somebody in many groups signs in to Superset with Chromium. @returns what the API says to them, and what scripts see */
async function inChromium(): Promise<{ status: number; scripts: string }> {
  const { proxy, caFile } = sandbox.record;
  const browser = await startBrowser({ proxy, caFile });
  try {
    const person = await Person.in(await browser.newContext());
    scene.attacker.attack(manyGroups());
    await person.open(`https://${SUPERSET.host}${SUPERSET.start}`);
    await person.passProvider({ name: scene.stage(SUPERSET).low });
    expect(scene.attacker.log.changed).toContain("accessToken");
    return await person.page.evaluate(
      '(async () => ({ status: (await fetch("/api/v1/me/")).status, scripts: document.cookie }))()',
    );
  } finally {
    await browser.close();
  }
}

it("Chromium keeps the session of somebody in many groups, and shows it to no script", async () => {
  expect(await inChromium()).toEqual({ status: 200, scripts: "" });
});

const on = (id: string) => ATTACKS.filter(({ targets }) => (targets as readonly string[]).includes(id));

it("Airflow believes what Entra signed for an application: that way is open, too", async () => {
  const { got, how } = await APPLICATION_CONTROL.run(scene.stage(AIRFLOW));
  expect(got, how).toBe(true);
});

describe.each(TARGETS.map((target) => [target.id, target] as const))("%s, as it is deployed,", (id, target) => {
  it("believes what Entra signed for it: the way of the attacks is open", async () => {
    // The person may have been there in the tests before, as somebody without this role, and Airflow remembers for a while.
    const forgotten = { timeout: (AIRFLOW_CACHE + 5) * 1_000, interval: 2_000 };
    await vi.waitFor(async () => {
      const { got, how } = await CONTROL.run(scene.stage(target));
      expect(got, how).toBe(true);
    }, forgotten);
  });

  it.each(on(id).map((attack) => [attack.name, attack] as const))("withstands: %s", async (_, attack) => {
    const { got, how } = await attack.run(scene.stage(target));
    expect(got, how).toBe(false);
    expect(how).toContain(attack.refusal ?? "");
  });
});

/** Declares the tests of the attacks on a tool that get through once these protections are gone. */
function fallsTo(target: Target, gone: (one: Protection) => boolean): void {
  const held = PROTECTIONS.filter((one) => one.target === target.id && gone(one)).flatMap(({ holds }) => holds);
  const through = on(target.id).filter(({ name }) => held.includes(name));
  it.each(through.map((attack) => [attack.name, attack] as const))("falls to: %s", async (_, attack) => {
    const { got, how } = await attack.run(scene.stage(target));
    expect(got, how).toBe(true);
  });
}

describe("without the protections", () => {
  const gone = ({ last }: Protection) => last !== true;
  beforeAll(() => scene.removeProtections(TARGETS, gone));

  describe.each(TARGETS.map((target) => [target.id, target] as const))("%s", (_, target) => fallsTo(target, gone));
});

/** Removed after all others, because it would have hidden attacks of theirs. */
describe("without the last protection, Superset", () => {
  const gone = ({ last }: Protection) => last === true;
  beforeAll(() => scene.removeProtections([SUPERSET], gone));

  fallsTo(SUPERSET, gone);

  it("loses people in many groups: Chromium drops what is larger than 4 kB, and their sign-in leads nowhere", async () => {
    expect(await inChromium()).toMatchObject({ status: 401 });
  });
});
