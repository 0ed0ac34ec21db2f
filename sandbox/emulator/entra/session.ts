import { randomBytes, randomUUID } from "node:crypto";
import type { MethodName } from "../../../model/conditional-access/methods.ts";
import type { Surroundings } from "./played-form.ts";

/** An answer to a demand for more than the password. */
export interface SecondFactor {
  readonly method: MethodName;
  readonly at: Date;
}

/** A person who is signed in to Entra in one browser: what makes the second tool's sign-in silent. */
export interface Session {
  /** What the `sid` claim and front-channel logout carry; unlike the cookie, it is no secret. */
  readonly sid: string;
  readonly userId: string;
  /** When the person was picked. */
  readonly authTime: Date;
  /** Client ids of the applications that the person signed in to. */
  readonly clients: Set<string>;
  /** Where and how the person signed in, as it was played. */
  surroundings: Surroundings;
  /** The last method that was shown in this session. */
  secondFactor?: SecondFactor;
}

export interface SessionStore {
  /** Starts a session; `cookie` is the value that the browser keeps. */
  start(userId: string, surroundings?: Surroundings): { cookie: string; session: Session };
  find(cookie: string | undefined): Session | undefined;
  end(cookie: string | undefined): void;
}

export const SESSION_COOKIE = "ESTSAUTH";
/** Entra's session cookie lasts 24 hours unless it is persistent. */
const LIFETIME = 24 * 3_600_000;

export function sessionStore(now: () => Date): SessionStore {
  const sessions = new Map<string, Session>();
  return {
    start: (userId, surroundings = {}) => {
      const cookie = randomBytes(32).toString("base64url");
      const session = { sid: randomUUID(), userId, authTime: now(), clients: new Set<string>(), surroundings };
      sessions.set(cookie, session);
      return { cookie, session };
    },
    find: (cookie = "") => {
      const session = sessions.get(cookie);
      if (session === undefined || now().getTime() - session.authTime.getTime() < LIFETIME) return session;
      sessions.delete(cookie);
      return undefined;
    },
    end: (cookie = "") => void sessions.delete(cookie),
  };
}
