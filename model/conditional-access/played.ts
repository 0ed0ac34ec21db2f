import { METHOD_NAMES, type MethodName } from "./methods.ts";
import type { DeviceFacts, SignInConditions } from "./sign-in.ts";

/** Conditions as people write them: `--from country=DE,device=compliant`, and the fields of the sandbox's sign-in page. */
export type PlayedConditions = Partial<Record<ConditionName, string>>;

export type ConditionName =
  | "country"
  | "ip"
  | "device"
  | "platform"
  | "client"
  | "risk"
  | "user-risk"
  | "insider-risk"
  | "flow"
  | "mfa";

/** Where somebody is who says nothing else. */
export interface Home {
  /** Two-letter code. */
  readonly country: string | null;
  readonly ipAddress: string;
}

interface Condition {
  readonly about: string;
  /** The words that it takes; absent where any text of a form is right. */
  readonly words?: readonly string[];
  readonly form?: RegExp;
  readonly allowed: string;
}

const RISKS = ["none", "low", "medium", "high"];
const words = (list: readonly string[], about: string): Condition => ({ about, words: list, allowed: list.join(", ") });

const DEVICES: Readonly<Record<string, DeviceFacts | null>> = {
  compliant: { isCompliant: true, trustType: "AzureAD", deviceOwnership: "Company" },
  hybrid: { isCompliant: false, trustType: "ServerAD", deviceOwnership: "Company" },
  registered: { isCompliant: false, trustType: "Workplace", deviceOwnership: "Personal" },
  unmanaged: null,
};
const CLIENTS = {
  browser: "browser",
  app: "mobileAppsAndDesktopClients",
  "exchange-activesync": "exchangeActiveSync",
  other: "other",
} as const;
const FLOWS = {
  none: "none",
  "device-code": "deviceCodeFlow",
  "authentication-transfer": "authenticationTransfer",
} as const;
const PLATFORMS = {
  windows: "windows",
  macos: "macOS",
  linux: "linux",
  ios: "iOS",
  android: "android",
  "windows-phone": "windowsPhone",
  unknown: null,
} as const;

/** Every condition with its words, for help texts, the page and the parser. */
export const CONDITIONS: Readonly<Record<ConditionName, Condition>> = {
  country: {
    about: "where the address is",
    form: /^([A-Z]{2}|unknown)$/,
    allowed: "a two-letter country code in capitals, or unknown",
  },
  ip: { about: "the public address", form: /^[0-9a-fA-F.:]{2,45}$/, allowed: "an IPv4 or IPv6 address" },
  device: words(Object.keys(DEVICES), "what the directory knows of the device"),
  platform: words(Object.keys(PLATFORMS), "the operating system"),
  client: words(Object.keys(CLIENTS), "the kind of client app; other is legacy authentication"),
  risk: words(RISKS, "risk of the sign-in"),
  "user-risk": words(RISKS, "risk of the person's account"),
  "insider-risk": words(["none", "minor", "moderate", "elevated"], "insider risk of the person"),
  flow: words(Object.keys(FLOWS), "how the sign-in is handed from device to device"),
  mfa: words(["none", ...METHOD_NAMES], "the method that the person answers with"),
};

export const CONDITION_NAMES = Object.keys(CONDITIONS) as readonly ConditionName[];

/**
 * Reads `name=value` pairs.
 * @returns the conditions, and one sentence per pair that is wrong (unknown name, twice, value not allowed).
 */
export function readConditions(pairs: readonly string[]): { conditions: PlayedConditions; problems: string[] } {
  const conditions: PlayedConditions = {};
  const problems: string[] = [];
  for (const pair of pairs.flatMap((text) => text.split(",")).map((text) => text.trim())) {
    const at = pair.indexOf("=");
    const name = (at < 0 ? pair : pair.slice(0, at)) as ConditionName;
    const value = at < 0 ? "" : pair.slice(at + 1);
    const condition = Object.hasOwn(CONDITIONS, name) ? CONDITIONS[name] : undefined;
    if (condition === undefined)
      problems.push(`There is no condition "${name}"; conditions are ${CONDITION_NAMES.join(", ")}.`);
    else if (conditions[name] !== undefined) problems.push(`The condition ${name} stands there twice.`);
    else if (!isRight(condition, value)) problems.push(`${name} is "${value}"; allowed: ${condition.allowed}.`);
    else conditions[name] = value;
  }
  return { conditions, problems };
}

function isRight({ words: list, form }: Condition, value: string): boolean {
  return list?.includes(value) ?? form?.test(value) ?? false;
}

/** The whole sign-in's conditions: what was played, and for the rest an ordinary day at home on an unmanaged device. */
export function signInConditions(played: PlayedConditions, home: Home): SignInConditions {
  const country = played.country === "unknown" ? null : (played.country ?? home.country);
  return {
    country,
    ipAddress: played.ip ?? home.ipAddress,
    device: DEVICES[played.device ?? "unmanaged"] ?? null,
    devicePlatform: PLATFORMS[(played.platform ?? "windows") as keyof typeof PLATFORMS],
    clientAppType: CLIENTS[(played.client ?? "browser") as keyof typeof CLIENTS],
    signInRiskLevel: (played.risk ?? "none") as "none",
    userRiskLevel: (played["user-risk"] ?? "none") as "none",
    insiderRiskLevel: (played["insider-risk"] ?? "none") as "none",
    authenticationFlow: FLOWS[(played.flow ?? "none") as keyof typeof FLOWS],
  };
}

/** The method that was played; undefined where nobody said, and so the person answers as asked. */
export function playedMethod({ mfa }: PlayedConditions): MethodName | "none" | undefined {
  return mfa as MethodName | "none" | undefined;
}
