import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { projectRoot } from "../../cli/project.ts";
import { durationSeconds } from "../../model/settings/index.ts";
import { accessEndsPage, type End, type Intervals, LOSSES, type Loss, reasonFor, withoutTimes } from "./access-ends.ts";
import { AIRFLOW_CACHE, RUNNING, SESSION, type ToolId } from "./company.ts";
import { Leaving } from "./leaving.ts";
import type { Person } from "./person.ts";
import type { Shared } from "./shared.ts";

const INTERVALS: Intervals = {
  session: durationSeconds(SESSION),
  revocation: durationSeconds(SESSION),
  cache: AIRFLOW_CACHE,
  leeway: 10,
};
const PAGE = join(projectRoot, "docs", "access-ends.md");
/** How often an open session is used, in milliseconds. */
const EVERY = 2_000;
/** Seconds that an answer of a busy machine may take. */
const SLACK = 5;

const GRANTED: Readonly<Record<ToolId, number>> = { superset: 200, airflow: 404, reports: 201 };
const REFUSED = [302, 401, 403];

const seconds = (from: number, to: number) => (to - from) / 1000;

/**
 * Declares the test of when access ends, in a suite whose tests are concurrent: it waits for minutes until sessions are over.
 */
export function leavers({ company, tools, person, signInName }: Shared): void {
  /** A right that analysts have and sales have not: status and question. */
  const RIGHTS: Readonly<Record<ToolId, (one: Person) => Promise<number>>> = {
    superset: async (one) => (await tools.superset.ask(one, "/api/v1/sqllab/")).status,
    // 404 says that there is no such DAG, which nobody is told without the right.
    airflow: async (one) =>
      (await tools.airflow.ask(one, "/api/v2/dags/any/dagRuns", { method: "POST", body: { logical_date: null } }))
        .status,
    reports: async (one) => (await tools.reports.ask(one, "/api/reports", { method: "POST" })).status,
  };
  /** Whether the right is still there. @throws Error when the tool neither grants nor refuses */
  async function has(tool: ToolId, one: Person): Promise<boolean> {
    const status = await RIGHTS[tool](one);
    if (status === GRANTED[tool]) return true;
    if (!REFUSED.includes(status)) throw new Error(`${tool} answers ${status}.`);
    return false;
  }

  /** Uses the right until it is gone. @returns when that was, in milliseconds */
  async function untilGone(tool: ToolId, one: Person, patience: number): Promise<number> {
    const until = Date.now() + patience * 1000;
    while (await has(tool, one)) {
      if (Date.now() > until) throw new Error(`${tool} still grants it after ${patience} seconds.`);
      await delay(EVERY);
    }
    return Date.now();
  }

  const ends: End[] = [];
  const leaving = new Leaving(company);
  beforeAll(() => leaving.begin());
  afterAll(() => leaving.end());

  /** Somebody signed in to every tool, who can do what analysts can. */
  async function signedIn(key: string): Promise<Person> {
    const one = await person();
    for (const tool of RUNNING) {
      const { refusal } = await tools[tool].signIn(one, { name: signInName(key) });
      expect([key, tool, refusal, await RIGHTS[tool](one)]).toEqual([key, tool, undefined, GRANTED[tool]]);
    }
    return one;
  }

  /** @returns what goes on until the session is closed everywhere, so that the next person need not wait for it */
  async function measureOpen(loss: Loss, one: Person): Promise<() => Promise<unknown>> {
    const lost = await leaving.lose(`open.${loss}`, loss);
    const all = Promise.allSettled(
      RUNNING.map(async (tool) => {
        const gone = await untilGone(tool, one, reasonFor(tool, loss, "open", INTERVALS).bound + 30);
        ends.push({ tool, loss, session: "open", seconds: seconds(lost, gone) });
      }),
    );
    return async () => {
      expect((await all).filter(({ status }) => status === "rejected")).toEqual([]);
      await one.close();
    };
  }

  async function measureFresh(loss: Loss): Promise<void> {
    await (await signedIn(`fresh.${loss}`)).close();
    await leaving.lose(`fresh.${loss}`, loss);
    // Airflow first, while it still remembers what it knew before.
    for (const tool of ["airflow", "superset", "reports"] as const) {
      const one = await person();
      const begun = Date.now();
      const { refusal } = await tools[tool].signIn(one, { name: signInName(`fresh.${loss}`) });
      expect([tool, refusal === undefined]).toEqual([tool, loss === "role"]);
      const gone = await untilGone(tool, one, INTERVALS.cache);
      ends.push({ tool, loss, session: "fresh", seconds: seconds(begun, gone) });
      await one.close();
    }
  }

  it("access that was taken away ends in time, in an open session and for a new one; docs/access-ends.md says when", async ({
    expect,
  }) => {
    const closing: (() => Promise<unknown>)[] = [];
    const open = await Promise.all(LOSSES.map((loss) => signedIn(`open.${loss}`)));
    for (const [place, loss] of LOSSES.entries()) closing.push(await measureOpen(loss, open[place] as Person));
    for (const loss of LOSSES) await measureFresh(loss);
    for (const closed of closing) await closed();
    for (const { tool, loss, session, seconds: measured } of ends) {
      const { bound, atLeast = 0 } = reasonFor(tool, loss, session, INTERVALS);
      const what = `seconds: ${tool}, ${loss}, ${session}`;
      expect.soft(measured, what).toBeLessThanOrEqual(bound + EVERY / 1000 + SLACK);
      expect.soft(measured, what).toBeGreaterThanOrEqual(atLeast);
    }
    expect(ends).toHaveLength(RUNNING.length * LOSSES.length * 2);

    const page = accessEndsPage(ends, INTERVALS);
    if (process.env.ENTRADA_WRITE_DOCS === "1") writeFileSync(PAGE, page);
    const written = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
    expect(withoutTimes(written), "ENTRADA_WRITE_DOCS=1 npx vitest run --project browser writes it anew").toBe(
      withoutTimes(page),
    );
  }, 400_000);
}
