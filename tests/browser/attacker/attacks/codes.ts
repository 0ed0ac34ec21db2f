import { ending } from "../targets.ts";
import type { Answer, Visitor } from "../visitor.ts";
import { ALL, type Attack, type Attempt, begin, FAB, isHome, type Stage } from "./attack.ts";

const EVIL = "evil.example";

/** A browser's sign-in that stops before the callback: its address holds the code and the state. */
async function beforeCallback(stage: Stage, as: string): Promise<{ visitor: Visitor; callback: URL }> {
  const { target } = stage;
  const visitor = stage.visitor();
  const until = ({ host, pathname }: URL) => host === target.host && pathname === target.callback;
  const answers = await begin(stage, visitor, {}, { as, until });
  const location = answers.at(-1)?.location ?? "";
  if (location === "" || !until(new URL(location))) throw new Error(`${as} never got a code: ${ending(answers)}.`);
  return { visitor, callback: new URL(location) };
}

/** Opens a callback as a browser would. */
function open({ target }: Stage, visitor: Visitor, callback: URL): Promise<readonly Answer[]> {
  return visitor.go(callback.href, { until: (location) => isHome(target, location) });
}

async function wantedPerson(
  { target, highName, attacker }: Stage,
  visitor: Visitor,
  answers: readonly Answer[],
): Promise<Attempt> {
  const who = await target.who(visitor);
  return {
    got: who?.name === highName,
    how: `${attacker.log.refusals.join()} ${who?.name ?? "nobody"}; ${ending(answers)}`,
  };
}

/** Codes and states that were meant for another browser, or were used already. */
export const CODES: readonly Attack[] = [
  {
    name: "code of another browser with a state of one's own",
    targets: ALL,
    refusal: "AADSTS501481",
    run: async (stage) => {
      const victim = await beforeCallback(stage, stage.high);
      const mallory = await beforeCallback(stage, stage.low);
      const callback = new URL(mallory.callback);
      callback.searchParams.set("code", victim.callback.searchParams.get("code") ?? "");
      return wantedPerson(stage, mallory.visitor, await open(stage, mallory.visitor, callback));
    },
  },
  {
    name: "callback of another browser",
    targets: ALL,
    run: async (stage) => {
      const { callback } = await beforeCallback(stage, stage.high);
      const mallory = stage.visitor();
      return wantedPerson(stage, mallory, await open(stage, mallory, callback));
    },
  },
  {
    name: "callback that was used already",
    targets: ALL,
    run: async (stage) => {
      const { visitor, callback } = await beforeCallback(stage, stage.high);
      const copy = visitor.copy();
      await open(stage, visitor, callback);
      return wantedPerson(stage, copy, await open(stage, copy, callback));
    },
  },
  {
    name: "state that was edited",
    targets: ALL,
    run: async (stage) => {
      const { visitor, callback } = await beforeCallback(stage, stage.high);
      const state = callback.searchParams.get("state") ?? "";
      callback.searchParams.set("state", `${state.startsWith("a") ? "b" : "a"}${state.slice(1)}`);
      return wantedPerson(stage, visitor, await open(stage, visitor, callback));
    },
  },
  {
    name: "session id that was known before the sign-in",
    targets: ALL,
    run: async (stage) => {
      const { visitor, callback } = await beforeCallback(stage, stage.high);
      const planted = visitor.copy();
      const answers = await open(stage, visitor, callback);
      if ((await stage.target.who(visitor))?.name !== stage.highName)
        throw new Error(`The victim did not get in: ${ending(answers)}.`);
      return wantedPerson(stage, planted, answers);
    },
  },
];

/** Sign-ins that shall end at the attacker's own host. */
export const REDIRECTS: readonly Attack[] = [
  {
    name: "redirect URI of the attacker's",
    targets: ALL,
    refusal: "AADSTS50011",
    run: async (stage) => {
      const evil = `https://${EVIL}${stage.target.callback}`;
      const authorize = (query: URLSearchParams) => query.set("redirect_uri", evil);
      const until = ({ host }: URL) => host === EVIL;
      const answers = await begin(stage, stage.visitor(), { authorize }, { as: stage.low, until });
      const last = answers.at(-1);
      const code = last?.location ? new URL(last.location).searchParams.get("code") : null;
      const error = /AADSTS\d+/.exec(last?.text ?? "")?.[0] ?? "no error";
      return { got: code !== null && last?.location.startsWith(evil) === true, how: `${error}; ${ending(answers)}` };
    },
  },
  {
    name: "way to another site after the sign-in",
    targets: ALL,
    run: async (stage) => {
      const evil = encodeURIComponent(`https://${EVIL}/`);
      const start = stage.target.id === "reports" ? `/oauth2/start?rd=${evil}` : `${stage.target.start}?next=${evil}`;
      const until = ({ host }: URL) => host === EVIL;
      const answers = await begin(
        { ...stage, target: { ...stage.target, start } },
        stage.visitor(),
        {},
        { as: stage.low, until },
      );
      const { host } = new URL(answers.at(-1)?.location || "missing://nowhere");
      return { got: host === EVIL, how: ending(answers) };
    },
  },
  {
    name: "forged X-Forwarded-Host",
    targets: ALL,
    run: (stage) => redirectUri(stage, { "x-forwarded-host": EVIL }, ({ host }) => host === EVIL),
  },
  {
    name: "forged X-Forwarded-Proto",
    targets: ALL,
    run: (stage) => redirectUri(stage, { "x-forwarded-proto": "http" }, ({ protocol }) => protocol === "http:"),
  },
  {
    name: "forged X-Forwarded-Port",
    targets: FAB,
    run: (stage) => redirectUri(stage, { "x-forwarded-port": "8443" }, ({ port }) => port === "8443"),
  },
  {
    name: "forged X-Forwarded-Prefix",
    targets: FAB,
    run: (stage) =>
      redirectUri(stage, { "x-forwarded-prefix": "/evil" }, ({ pathname }) => pathname.startsWith("/evil/")),
  },
  {
    name: "http behind the gateway",
    targets: ALL,
    run: (stage) => redirectUri(stage, {}, ({ protocol }) => protocol === "http:"),
  },
  {
    name: "http before the gateway (no HSTS)",
    targets: ALL,
    run: async ({ target, visitor }) => {
      const answer = await visitor().send(`https://${target.host}${target.start}`);
      const said = answer.header("strict-transport-security");
      return { got: said === undefined, how: `Strict-Transport-Security: ${said ?? "not said"}` };
    },
  },
];

/** Whether the tool sends people to Entra with a redirect URI that is wrong in the wanted way. */
async function redirectUri(
  { target, visitor, attacker }: Stage,
  headers: Record<string, string>,
  wrong: (uri: URL) => boolean,
): Promise<Attempt> {
  attacker.attack({});
  const { location, status } = await visitor().send(`https://${target.host}${target.start}`, { headers });
  const said = location === "" ? null : new URL(location).searchParams.get("redirect_uri");
  if (said === null) throw new Error(`${target.host} did not send anybody to Entra: ${status}.`);
  return { got: wrong(new URL(said)), how: said };
}
