import type { ToolId } from "./company.ts";

/** What somebody loses. */
export const LOSSES = ["role", "disabled", "deleted"] as const;
export type Loss = (typeof LOSSES)[number];
/** Whether the person was signed in to the tool then, or signs in anew after it. */
export type Session = "open" | "fresh";

/** Why access ends when it does. */
export interface Reason {
  /** For people. */
  readonly because: string;
  /** At the latest after so many seconds, with the settings of the test. */
  readonly bound: number;
  /** And not before, because nothing else ends it. */
  readonly atLeast?: number;
}

/** One measured end of access. */
export interface End {
  readonly tool: ToolId;
  readonly loss: Loss;
  readonly session: Session;
  /** Until the tool refused: from the loss in Entra, or from the first page of the new sign-in. */
  readonly seconds: number;
}

/** The intervals that access follows from, in seconds. */
export interface Intervals {
  /** `tools.superset.session.lifetime`, and Airflow's. */
  readonly session: number;
  /** `sessions.revocation`. */
  readonly revocation: number;
  /** Airflow's `[fab] cache_ttl`. */
  readonly cache: number;
  /** Airflow's `[api_auth] jwt_leeway`. */
  readonly leeway: number;
}

/** A sign-in with all its pages, on a machine that does other things too. */
const SIGN_IN = 20;

/** What explains when access ends. A bound of the reason is what the measured time is held to. */
export function reasonFor(tool: ToolId, loss: Loss, session: Session, intervals: Intervals): Reason {
  if (session === "fresh") {
    if (loss !== "role") return { because: "Entra refuses the sign-in", bound: SIGN_IN };
    if (tool === "airflow")
      return { because: "`[fab] cache_ttl`: Airflow remembers rights", bound: intervals.cache + SIGN_IN };
    return { because: "roles are taken from each sign-in", bound: SIGN_IN };
  }
  if (tool !== "reports") {
    const leeway = tool === "airflow" ? intervals.leeway : 0;
    const because = `\`tools.${tool}.session.lifetime\`${leeway > 0 ? ` and ${leeway} s (\`[api_auth] jwt_leeway\`)` : ""}`;
    // It counts from the sign-in, which was a little before the loss.
    return { because, bound: intervals.session + leeway, atLeast: intervals.session / 4 };
  }
  if (loss === "role") return { because: "`sessions.revocation` / 2", bound: intervals.revocation / 2 };
  return { because: "`sessions.revocation`", bound: intervals.revocation };
}

const WORDS: Readonly<Record<Loss, string>> = {
  role: "a role is taken away, another stays",
  disabled: "the account is disabled",
  deleted: "the account is deleted",
};

const NAMES: Readonly<Record<ToolId, string>> = {
  superset: "Superset",
  airflow: "Airflow",
  reports: "an app behind the identity-aware proxy",
};

/** The page `docs/access-ends.md`. */
export function accessEndsPage(ends: readonly End[], intervals: Intervals): string {
  const cell = (tool: ToolId, loss: Loss, session: Session) => {
    const end = ends.find((one) => one.tool === tool && one.loss === loss && one.session === session);
    if (end === undefined) throw new Error(`Nobody measured ${tool}, ${loss}, ${session}.`);
    return `${Math.round(end.seconds)} s | ${reasonFor(tool, loss, session, intervals).because}`;
  };
  const rows = (Object.keys(NAMES) as ToolId[]).flatMap((tool) =>
    LOSSES.map(
      (loss) => `| ${NAMES[tool]} | ${WORDS[loss]} | ${cell(tool, loss, "open")} | ${cell(tool, loss, "fresh")} |`,
    ),
  );
  return `# When access ends

Measured by \`tests/browser/leavers.ts\` on the running tools, until the tool itself refuses. An open session was opened a few seconds before, is used every
other second, and is measured from the moment at which Entra knows of the loss; a new sign-in from its first page. Written by the test (\`ENTRADA_WRITE_DOCS=1\`);
each run checks that its own times follow from the same settings.

| tool | what happens | open session: measured | follows from | new sign-in: measured | follows from |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

The test's settings are the shortest allowed: \`session.lifetime\` ${minutes(intervals.session)} of Superset and Airflow (8h by default), \`sessions.revocation\`
${minutes(intervals.revocation)} (1h by default). \`[fab] cache_ttl\` is Airflow's own ${intervals.cache} seconds. For other settings put them in the place of these: a time in the table
that follows from a setting is at most that long.
`;
}

function minutes(seconds: number): string {
  return `${seconds / 60}m`;
}

/** The page without what differs from run to run. */
export function withoutTimes(page: string): string {
  return page.replaceAll(/\| \d+ s \|/g, "| … s |");
}
