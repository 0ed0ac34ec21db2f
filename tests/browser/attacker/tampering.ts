import type { Claims, Forger, Signature } from "./forgery.ts";

/** What an attacker between browser, tool and Entra changes. What is not named passes through untouched. */
export interface Tampering {
  /** The browser's request to the authorize endpoint. */
  readonly authorize?: (query: URLSearchParams) => void;
  /** The address that Entra sends the browser back to. */
  readonly callback?: (address: URL) => void;
  /** The tool's own request to the token endpoint. */
  readonly tokenRequest?: (form: URLSearchParams) => void;
  readonly idToken?: TokenChange;
  readonly accessToken?: TokenChange;
  /** The rest of the token endpoint's answer. */
  readonly tokenAnswer?: (answer: TokenAnswer) => void;
  /** The answer of the userinfo endpoint. */
  readonly userinfo?: (claims: Claims) => Claims;
}

export interface TokenChange {
  readonly claims?: (claims: Claims) => Claims;
  /** @default entra: only the claims are wrong */
  readonly signature?: Signature;
}

export type TokenAnswer = Record<string, unknown> & { id_token?: string; access_token?: string };

/** Which changes an attack made; a test that names another one has attacked nothing. */
export type Change = keyof Tampering;

/** One request on its way to the emulator, or the answer on its way back. */
export interface Message {
  readonly method: string;
  readonly host: string;
  /** With the query. */
  path: string;
  body: string;
}

export interface AnswerMessage {
  readonly status: number;
  location: string | undefined;
  body: string;
}

const AUTHORIZE = /\/oauth2\/v2\.0\/authorize$/;
const TOKEN = /\/oauth2\/v2\.0\/token$/;
const USERINFO = /^\/oidc\/userinfo$/;

/** Changes a request in place. @returns what was changed */
export function tamperRequest(tampering: Tampering, message: Message): Change[] {
  const { pathname, searchParams } = new URL(message.path, "https://any");
  if (tampering.authorize !== undefined && AUTHORIZE.test(pathname)) {
    tampering.authorize(searchParams);
    message.path = `${pathname}?${searchParams}`;
    return ["authorize"];
  }
  if (tampering.tokenRequest !== undefined && TOKEN.test(pathname) && message.method === "POST") {
    const form = new URLSearchParams(message.body);
    // Other programs of the sandbox get tokens of their own meanwhile; only people's sign-ins are attacked.
    if (form.get("grant_type") !== "authorization_code") return [];
    tampering.tokenRequest(form);
    message.body = form.toString();
    return ["tokenRequest"];
  }
  return [];
}

/** Changes an answer in place. @returns what was changed */
export async function tamperAnswer(
  tampering: Tampering,
  forger: Forger,
  asked: Message,
  answer: AnswerMessage,
): Promise<Change[]> {
  const { pathname } = new URL(asked.path, "https://any");
  if (AUTHORIZE.test(pathname)) return tamperCallback(tampering, answer);
  if (USERINFO.test(pathname) && tampering.userinfo !== undefined && answer.status === 200) {
    answer.body = JSON.stringify(tampering.userinfo(JSON.parse(answer.body) as Claims));
    return ["userinfo"];
  }
  if (TOKEN.test(pathname) && answer.status === 200) return tamperTokens(tampering, forger, answer);
  return [];
}

function tamperCallback({ callback }: Tampering, answer: AnswerMessage): Change[] {
  if (callback === undefined || answer.location === undefined) return [];
  const address = new URL(answer.location);
  callback(address);
  answer.location = address.href;
  return ["callback"];
}

async function tamperTokens(tampering: Tampering, forger: Forger, answer: AnswerMessage): Promise<Change[]> {
  const tokens = JSON.parse(answer.body) as TokenAnswer;
  // An application's own token comes without one: nobody signs in with it.
  if (tokens.id_token === undefined) return [];
  const changed: Change[] = [];
  for (const [change, name] of [
    ["idToken", "id_token"],
    ["accessToken", "access_token"],
  ] as const) {
    const wanted = tampering[change];
    const token = tokens[name];
    if (wanted === undefined || token === undefined) continue;
    tokens[name] = await forger.forge(token, wanted.claims ?? ((claims) => claims), wanted.signature ?? "entra");
    changed.push(change);
  }
  if (tampering.tokenAnswer !== undefined) {
    tampering.tokenAnswer(tokens);
    changed.push("tokenAnswer");
  }
  answer.body = JSON.stringify(tokens);
  return changed;
}
