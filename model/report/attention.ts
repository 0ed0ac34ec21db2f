import type { AccessReport, Attention } from "./access-report.ts";
import { givesAdmin } from "./teams.ts";

/** Names that a sentence can hold; the section has them all. */
const NAMES = 5;

/** What a reviewer looks at first, the gravest first. Each sentence is a fact, no verdict. */
export function attentionOf(report: Omit<AccessReport, "attention">): Attention[] {
  return [
    ...unknownAdmins(report),
    ...leavers(report),
    ...openDoors(report),
    ...conditionalAccess(report),
    ...outsiders(report),
    ...secrets(report),
  ];
}

function unknownAdmins({ teams }: Pick<AccessReport, "teams">): Attention[] {
  return teams
    .filter((team) => givesAdmin(team) && team.members === undefined)
    .map(({ key }) => ({
      text: `${key} gives an admin role, and only Entra knows who is in it.`,
      section: "privileged",
    }));
}

/** Disabled accounts open nothing; a forgotten membership comes back with the account. */
function leavers({ teams }: Pick<AccessReport, "teams">): Attention[] {
  const gone = teams.flatMap(({ key, kind, members = [] }) =>
    kind === "named"
      ? members.filter(({ enabled }) => !enabled).map(({ displayName }) => `${displayName} (${key})`)
      : [],
  );
  if (gone.length === 0) return [];
  const text = `${counted(gone.length, "disabled account still stands", "disabled accounts still stand")} in a team by name: ${some(gone)}. ${gone.length === 1 ? "It opens" : "They open"} nothing until somebody enables ${gone.length === 1 ? "it" : "them"} again.`;
  return [{ text, section: "teams" }];
}

/** Owners put people into a team, so owners of a team with an admin role hand that role out. */
function openDoors({ teams }: Pick<AccessReport, "teams">): Attention[] {
  return teams.filter(givesAdmin).flatMap(({ key, owners, members }) => {
    const inside = new Set(members?.map(({ id }) => id));
    const outside = owners.filter(({ id }) => !inside.has(id)).map(({ displayName }) => displayName);
    if (members === undefined || outside.length === 0) return [];
    const text = `${some(outside)} can put anybody into ${key}, which gives an admin role, without being in it.`;
    return [{ text, section: "privileged" as const }];
  });
}

function conditionalAccess({ conditionalAccess: declared }: Pick<AccessReport, "conditionalAccess">): Attention[] {
  const { enforced, reportOnly, absent } = declared;
  const off = absent.filter(({ why }) => !why.startsWith("nothing for it to do"));
  return [
    ...(enforced + reportOnly === 0 ? ["No Conditional Access policy is declared."] : []),
    ...(reportOnly === 0
      ? []
      : [`${reportOnly} of ${enforced + reportOnly} Conditional Access policies only report and stop nobody.`]),
    ...(off.length === 0 ? [] : [`Switched off in Conditional Access: ${off.map(({ name }) => name).join(", ")}.`]),
  ].map((text) => ({ text, section: "conditional-access" }));
}

function outsiders({ numbers, unknown }: Pick<AccessReport, "numbers" | "unknown">): Attention[] {
  const { guestsWithAccess, partnerPeopleWithAccess } = numbers;
  const known: Attention[] = [];
  if (guestsWithAccess > 0)
    known.push({ text: `${counted(guestsWithAccess, "guest has", "guests have")} access.`, section: "guests" });
  if (partnerPeopleWithAccess > 0)
    known.push({
      text: `${counted(partnerPeopleWithAccess, "person of a partner has", "people of partners have")} access.`,
      section: "partners",
    });
  if (unknown.length > 0)
    known.push({
      text: `${counted(unknown.length, "team gives roles to people", "teams give roles to people")} whom only Entra knows: ${some(unknown.map(({ key }) => key))}.`,
      section: "unknown",
    });
  return known;
}

function secrets({ credentials }: Pick<AccessReport, "credentials">): Attention[] {
  const { withSecret, next } = credentials;
  if (withSecret.length === 0) return [];
  const text = `${some(withSecret)} ${withSecret.length === 1 ? "needs" : "need"} a secret; the older of its two is to be replaced on ${next.startDate.slice(0, 10)}, which takes a deployment.`;
  return [{ text, section: "credentials" }];
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, NAMES).join(", ");
  return names.length <= NAMES ? shown : `${shown} and ${names.length - NAMES} more`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
