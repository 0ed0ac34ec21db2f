import { type Process, variable } from "./settings.ts";

/** Variables that say where Metabase keeps its data or lives: whoever sets one runs Metabase. */
const marks = ["MB_DB_TYPE", "MB_DB_CONNECTION_URI", "MB_DB_HOST", "MB_SITE_URL", "MB_JETTY_PORT"];

/** Whether a container runs Metabase. https://www.metabase.com/docs/latest/configuring-metabase/environment-variables */
export function isMetabase({ env }: Process): boolean {
  return marks.some((name) => env.has(name));
}

/** Whether it listens on loopback alone, as beside a job that sets it up: nobody else can sign in there. */
export function isOnLoopback(process: Process): boolean {
  return ["127.0.0.1", "localhost", "::1"].includes(variable(process, "MB_JETTY_HOST") ?? "");
}

/** Whether its single sign-on is set, which the paid editions have. */
export function hasSingleSignOn({ env }: Process): boolean {
  return [...env.keys()].some((name) => /^MB_(OIDC|SAML|JWT)_/.test(name));
}
