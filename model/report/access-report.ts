import type { ClosedGroup } from "./closed.ts";
import type { ReportConditionalAccess } from "./conditional-access.ts";
import type { ReportCredentials } from "./credentials.ts";
import type { PeopleGroup, ReportPerson } from "./people.ts";
import type { ReportTeam } from "./teams.ts";
import type { ReportTool } from "./tools.ts";

/** How many there are. People count once, however much they hold. */
export interface ReportNumbers {
  /** People of the company's directory, guests among them, whom the settings name. */
  readonly people: number;
  readonly peopleWithAccess: number;
  /** People of any directory with an admin role somewhere. */
  readonly privilegedPeople: number;
  readonly disabled: number;
  readonly guests: number;
  readonly guestsWithAccess: number;
  readonly partnerPeople: number;
  readonly partnerPeopleWithAccess: number;
  readonly tools: number;
  readonly teams: number;
}

/** One admin role and everybody who holds it. */
export interface PrivilegedRole {
  readonly tool: string;
  readonly role: string;
  readonly displayName: string;
  readonly description: string;
  readonly holders: readonly { readonly person: ReportPerson; readonly via: readonly string[] }[];
  /** Teams that give it, each with who may change its members. */
  readonly teams: readonly Pick<ReportTeam, "key" | "owners" | "members">[];
}

/** A partner, as far as its people reach the tools. */
export interface ReportPartner {
  readonly key: string;
  readonly displayName: string;
  readonly issuer: string;
  readonly roles: readonly { readonly tool: string; readonly role: string; readonly groups: readonly string[] }[];
  /** Those of its people whom the settings know. */
  readonly people: readonly PeopleGroup[];
}

/** Something that a reviewer looks at first. */
export interface Attention {
  readonly text: string;
  /** Section of the report that has more. */
  readonly section: "privileged" | "teams" | "guests" | "partners" | "credentials" | "conditional-access" | "unknown";
}

/** Everything that stands in the report of who may do what. Plain data: the same for the same settings and moment. */
export interface AccessReport {
  readonly organization: string;
  readonly environment: string;
  readonly domain: string;
  readonly tenantId: string;
  /** The moment for which dates are reckoned, RFC 3339 in UTC. */
  readonly at: string;
  /** Whether the settings hold the directory's people; else they know names alone. */
  readonly knowsPeople: boolean;
  /** Longest sign-in in any tool, and how soon the proxy asks Entra again. @example { maximum: "8h", revocation: "1h" } */
  readonly sessions: { readonly maximum: string; readonly revocation: string };
  readonly numbers: ReportNumbers;
  readonly attention: readonly Attention[];
  readonly privileged: readonly PrivilegedRole[];
  readonly tools: readonly ReportTool[];
  readonly teams: readonly ReportTeam[];
  /** People of the company with access. */
  readonly people: readonly PeopleGroup[];
  /** Guests with access. */
  readonly guests: readonly PeopleGroup[];
  readonly partners: readonly ReportPartner[];
  /** Everybody without any access, and why. */
  readonly without: readonly ClosedGroup[];
  /** People with some access to whom other tools are closed for a reason worth a word. */
  readonly closed: readonly ClosedGroup[];
  /** Teams with roles whose members only Entra knows. */
  readonly unknown: readonly ReportTeam[];
  readonly credentials: ReportCredentials;
  readonly conditionalAccess: ReportConditionalAccess;
}
