import type { Target } from "../targets.ts";
import { WITHOUT } from "./names.ts";

/** Attacks that no line of the settings lets in, and what holds them instead. */
export const FIRM: Readonly<Record<Target["id"], Readonly<Record<string, string>>>> = (() => {
  const everywhere = {
    "role asked for in the authorize request": "Entra gives roles by assignment and ignores the wish",
    "callback of another browser": "the state is bound to the browser that began, by the tool's library",
    "callback that was used already":
      "the tool's library forgets the state, and Entra the code (AADSTS54005), at the first use",
    "state that was edited": "the state is bound to the browser that began, by the tool's library",
  };
  const fab = {
    ...everywhere,
    "identity headers without a sign-in": "nothing in the tool reads such headers with AUTH_TYPE = AUTH_OAUTH",
    "identity headers beside one's own session": "nothing in the tool reads such headers with AUTH_TYPE = AUTH_OAUTH",
    "Entra's token for another application as a bearer":
      "the tool's API takes tokens of its own making alone (HS256, HS512)",
  };
  return {
    superset: fab,
    airflow: {
      ...fab,
      "session cookie for scripts (no HttpOnly)": "Airflow sets HttpOnly itself and has no option for it",
      "way to another site after the sign-in": "Airflow leads to its own host alone and has no option for it",
      "session id that was known before the sign-in": "Airflow gives the session a new id at each sign-in",
    },
    reports: {
      ...everywhere,
      "token with edited roles and the old signature": "go-oidc always checks signatures",
      "token without a signature (alg none)": "go-oidc takes RS256 alone",
      "token signed with Entra's public key (HS256)": "go-oidc takes RS256 alone",
      "token that has expired": "go-oidc always checks the time",
      [WITHOUT]: "oauth2-proxy demands an ID token and reads nothing else of the answer",
      "session id that was known before the sign-in": "there is no session before the sign-in, and its key is new",
    },
  };
})();
