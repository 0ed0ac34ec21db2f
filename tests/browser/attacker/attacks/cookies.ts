import { randomUUID } from "node:crypto";
import type { Claims } from "../forgery.ts";
import { ending } from "../targets.ts";
import { ALL, type Attack, type Stage, signIn } from "./attack.ts";

/** A cookie of this size and more is dropped by browsers: name and value together. */
const LARGEST = 4096;

/** Makes a member of many groups of everybody: the access token alone fills a cookie, however well it is packed. */
export function manyGroups() {
  const groups = Array.from({ length: 150 }, () => randomUUID());
  return { accessToken: { claims: (claims: Claims) => ({ ...claims, groups }) } };
}

/** The `Set-Cookie` lines of the session, each the last of its name. */
async function sessionCookies(stage: Stage): Promise<string[]> {
  const { answers, who } = await signIn(stage, manyGroups(), ["accessToken"]);
  if (who === undefined) throw new Error(`${stage.low} did not get in: ${ending(answers)}.`);
  const lines = answers
    .filter(({ url }) => new URL(url).host === stage.target.host)
    .flatMap(({ setCookies }) => setCookies)
    .map((line) => [line.slice(0, line.indexOf("=")), line] as const)
    .filter(([name]) => stage.target.cookies.test(name));
  const cookies = [...new Map(lines).values()];
  if (cookies.length === 0) throw new Error("The tool set no session cookie.");
  return cookies;
}

function lacking(name: string, attribute: RegExp): Attack {
  return {
    name,
    targets: ALL,
    run: async (stage) => {
      const bad = (await sessionCookies(stage)).filter((line) => !attribute.test(line));
      return { got: bad.length > 0, how: bad.map((line) => line.replace(/=[^;]*/, "=…")).join(" | ") || "none" };
    },
  };
}

export const COOKIES: readonly Attack[] = [
  lacking("session cookie over http (no Secure)", /; *secure(;|$)/i),
  lacking("session cookie for scripts (no HttpOnly)", /; *httponly(;|$)/i),
  lacking("session cookie for other sites' requests (no SameSite)", /; *samesite=(lax|strict)(;|$)/i),
  {
    name: "session cookie of more than 4 kB",
    targets: ALL,
    run: async (stage) => {
      const sizes = (await sessionCookies(stage)).map((line) => line.split(";")[0]?.length ?? 0);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      return { got: total > LARGEST, how: `${total} bytes` };
    },
  },
];
