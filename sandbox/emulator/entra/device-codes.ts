import { createHash, randomBytes, randomInt } from "node:crypto";
import { EntraError } from "./errors.ts";
import type { SignIn } from "./grants.ts";
import type { Scopes } from "./scopes.ts";

/** What a device asked for. */
export interface DeviceRequest {
  readonly clientId: string;
  readonly scopes: Scopes;
  /** Under which the log keeps the sign-in. */
  readonly correlationId: string;
}

interface Waiting {
  readonly asked: DeviceRequest;
  readonly issued: Date;
  /** The session that was asked for a method. */
  askedOf?: string;
  outcome?: SignIn | "declined";
  isSpent: boolean;
}

/** The sign-ins of devices, each under a code for the device and one for the person. */
export interface DeviceCodeStore {
  issue(asked: DeviceRequest): { deviceCode: string; userCode: string };
  /** What waits for the person under a code. Throws AADSTS70018 (nothing, or answered already) or 70019 (too late). */
  waiting(userCode: string): DeviceRequest;
  /** Remembers whose session has to show a method, so that no other can go on in its place. Throws as `waiting` does. */
  askOf(userCode: string, sid: string): void;
  wasAsked(userCode: string, sid: string): boolean;
  /** Ends the person's part, once. Throws as `waiting` does. */
  answer(userCode: string, outcome: SignIn | "declined"): void;
  /**
   * What the device gets. Throws AADSTS70018 (unknown), 70000 (another client's), 54005 (redeemed before), 70020 (too late),
   * 65004 (declined) or 70016 (not yet answered).
   */
  read(deviceCode: string, clientId: string): SignIn;
  /** Marks a code as redeemed, once every check was passed. Throws as `read` does, so that only one request wins. */
  spend(deviceCode: string, clientId: string): void;
}

/** Seconds that a code holds (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code). */
export const DEVICE_CODE_LIFETIME = 900;
/** Capitals and digits that nobody takes for one another. */
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const USER_CODE_LENGTH = 9;

export function deviceCodeStore(now: () => Date): DeviceCodeStore {
  const byDeviceCode = new Map<string, Waiting>();
  const byUserCode = new Map<string, Waiting>();
  const isLate = ({ issued }: Waiting) => now().getTime() - issued.getTime() > DEVICE_CODE_LIFETIME * 1000;
  const open = (userCode: string) => {
    const found = byUserCode.get(normal(userCode));
    if (found === undefined || found.outcome !== undefined) throw new EntraError(70018);
    if (isLate(found)) throw new EntraError(70019);
    return found;
  };
  const granted = (deviceCode: string, clientId: string) => {
    const found = byDeviceCode.get(hash(deviceCode));
    if (found === undefined) throw new EntraError(70018);
    if (found.asked.clientId !== clientId) throw new EntraError(70000, { parameter: "device_code" });
    if (found.isSpent) throw new EntraError(54005);
    if (isLate(found)) throw new EntraError(70020);
    if (found.outcome === "declined") throw new EntraError(65004);
    if (found.outcome === undefined) throw new EntraError(70016);
    return { found, signIn: found.outcome };
  };
  return {
    issue: (asked) => {
      const deviceCode = `1.${randomBytes(96).toString("base64url")}`;
      const userCode = Array.from({ length: USER_CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
      const waiting: Waiting = { asked, issued: now(), isSpent: false };
      byDeviceCode.set(hash(deviceCode), waiting);
      byUserCode.set(userCode, waiting);
      return { deviceCode, userCode };
    },
    waiting: (userCode) => open(userCode).asked,
    askOf: (userCode, sid) => {
      open(userCode).askedOf = sid;
    },
    wasAsked: (userCode, sid) => open(userCode).askedOf === sid,
    answer: (userCode, outcome) => {
      open(userCode).outcome = outcome;
    },
    read: (deviceCode, clientId) => granted(deviceCode, clientId).signIn,
    spend: (deviceCode, clientId) => {
      granted(deviceCode, clientId).found.isSpent = true;
    },
  };
}

function normal(userCode: string): string {
  return userCode.trim().toUpperCase();
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
