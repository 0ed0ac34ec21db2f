import type { Answer, Visitor } from "./visitor.ts";

/** Who a tool takes somebody for. */
export interface Identity {
  readonly name: string;
  readonly roles: readonly string[];
}

/** A running tool, as an attacker sees it. */
export interface Target {
  readonly id: "superset" | "airflow" | "reports";
  readonly namespace: string;
  /** Deployment whose pods sign people in. */
  readonly deployment: string;
  readonly host: string;
  /** Begins the sign-in with Entra. */
  readonly start: string;
  readonly callback: string;
  /** A role that opens more than the attacker holds. */
  readonly highRole: string;
  /** Path that a sign-in leads to in the end. */
  readonly home: string;
  /** Names of the cookies that make up the session. */
  readonly cookies: RegExp;
  /** Asks the tool itself, by its API; undefined for somebody who is not signed in. */
  who(visitor: Visitor, headers?: Readonly<Record<string, string>>): Promise<Identity | undefined>;
}

export const SUPERSET: Target = {
  id: "superset",
  namespace: "superset",
  deployment: "superset-web",
  host: "superset.data.contoso.com",
  start: "/login/azure",
  callback: "/oauth-authorized/azure",
  highRole: "Admin",
  home: "/",
  cookies: /^session$/,
  async who(visitor, headers = {}) {
    const answer = await visitor.send(`https://${this.host}/api/v1/me/roles/`, { headers });
    if (answer.status !== 200) return undefined;
    const { result } = JSON.parse(answer.text) as { result: { username: string; roles: Record<string, unknown> } };
    return { name: result.username, roles: Object.keys(result.roles) };
  },
};

export const AIRFLOW: Target = {
  id: "airflow",
  namespace: "airflow",
  deployment: "airflow-api-server",
  host: "airflow.data.contoso.com",
  start: "/auth/login/azure",
  callback: "/auth/oauth-authorized/azure",
  highRole: "Admin",
  home: "/",
  cookies: /^(session|_token)$/,
  async who(visitor, headers = {}) {
    const answer = await visitor.send(`https://${this.host}/ui/auth/me`, { headers });
    if (answer.status !== 200) return undefined;
    // Airflow tells nobody their roles; that Admin alone may list the users does.
    const users = await visitor.send(`https://${this.host}/auth/fab/v1/users`, {
      headers: { authorization: `Bearer ${visitor.cookie(this.host, "_token")}`, ...headers },
    });
    const { username } = JSON.parse(answer.text) as { username: string };
    return { name: username, roles: users.status === 200 ? ["Admin"] : [] };
  },
};

export const REPORTS: Target = {
  id: "reports",
  namespace: "reports",
  deployment: "reports-proxy",
  host: "reports.data.contoso.com",
  start: "/oauth2/start?rd=%2Fapi%2Fme",
  callback: "/oauth2/callback",
  highRole: "Author",
  home: "/api/me",
  cookies: /^(__Host-)?reports-proxy(_\d+)?$/,
  async who(visitor, headers = {}) {
    const answer = await visitor.send(`https://${this.host}/api/me`, { headers });
    if (answer.status !== 200) return undefined;
    const { email, groups } = JSON.parse(answer.text) as { email: string; groups: string[] };
    return { name: email, roles: groups };
  },
};

export const TARGETS: readonly Target[] = [SUPERSET, AIRFLOW, REPORTS];

/** Where somebody ended, in a few words for a failed test. */
export function ending(answers: readonly Answer[]): string {
  const last = answers.at(-1);
  if (last === undefined) return "nowhere";
  const { origin, pathname } = new URL(last.url);
  return `${last.status} at ${origin}${pathname}${last.location === "" ? "" : ` towards ${last.location.split("?")[0]}`}`;
}
