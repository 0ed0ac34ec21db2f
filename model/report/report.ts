import { type AccessPerson, accessMatrix } from "../access.ts";
import { declaredTools } from "../declared-tools.ts";
import { directoryPeople, knowsPeople } from "../directory.ts";
import { partnersOf } from "../partners.ts";
import type { Settings } from "../settings/schema.ts";
import type { ToolContract } from "../tool-contract.ts";
import type { AccessReport, PrivilegedRole, ReportNumbers, ReportPartner } from "./access-report.ts";
import { attentionOf } from "./attention.ts";
import { closedThough, withoutAccess } from "./closed.ts";
import { reportConditionalAccess } from "./conditional-access.ts";
import { reportCredentials } from "./credentials.ts";
import { adminRoles, byName, type PeopleGroup, peopleGroups, type ReportPerson, roleKey } from "./people.ts";
import { type ReportTeam, reportTeams } from "./teams.ts";
import { type ReportTool, reportTools } from "./tools.ts";

/**
 * The report of an environment's access, from its settings alone.
 * @param now the moment for which the secrets' calendar is read
 */
export function accessReport(settings: Settings, contracts: readonly ToolContract[], now: Date): AccessReport {
  const declared = declaredTools(settings, contracts);
  const matrix = accessMatrix(settings, contracts);
  const tools = reportTools(settings, declared, matrix);
  const teams = reportTeams(settings, declared, directoryPeople(settings), matrix);
  const own = matrix.people.filter(({ partner }) => partner === undefined);
  const groups = (people: readonly AccessPerson[]) => peopleGroups(people, matrix.tools);
  const report = {
    organization: settings.organization,
    environment: settings.environment,
    domain: settings.domain,
    tenantId: settings.tenantId,
    at: `${now.toISOString().slice(0, 19)}Z`,
    knowsPeople: knowsPeople(settings),
    sessions: settings.sessions,
    numbers: numbersOf(matrix.people, adminRoles(matrix.tools), tools.length, teams.length),
    privileged: privilegedRoles(matrix.people, tools, teams),
    tools,
    teams,
    people: groups(own.filter(({ guest }) => !guest)),
    guests: groups(own.filter(({ guest }) => guest)),
    partners: partnersIn(settings, tools, matrix.people, groups),
    without: withoutAccess(matrix.people, declared),
    closed: closedThough(own, declared),
    unknown: teams.filter(({ members, roles }) => members === undefined && roles.length > 0),
    credentials: reportCredentials(settings, tools, now),
    conditionalAccess: reportConditionalAccess(settings, contracts, declared),
  };
  return { ...report, attention: attentionOf(report) };
}

function numbersOf(
  people: readonly AccessPerson[],
  admin: ReadonlySet<string>,
  tools: number,
  teams: number,
): ReportNumbers {
  const own = people.filter(({ partner }) => partner === undefined);
  const outside = people.filter(({ partner }) => partner !== undefined);
  const guests = own.filter(({ guest }) => guest);
  const withAccess = (some: readonly AccessPerson[]) => some.filter(({ access }) => access.length > 0).length;
  return {
    people: own.length,
    peopleWithAccess: withAccess(own),
    privilegedPeople: people.filter(({ access }) => access.some(({ tool, role }) => admin.has(roleKey(tool, role))))
      .length,
    disabled: people.filter(({ enabled }) => !enabled).length,
    guests: guests.length,
    guestsWithAccess: withAccess(guests),
    partnerPeople: outside.length,
    partnerPeopleWithAccess: withAccess(outside),
    tools,
    teams,
  };
}

function privilegedRoles(
  people: readonly AccessPerson[],
  tools: readonly ReportTool[],
  teams: readonly ReportTeam[],
): PrivilegedRole[] {
  return tools.flatMap(({ id, roles }) =>
    roles
      .filter(({ admin }) => admin)
      .map(({ value, displayName, description, teams: giving }) => {
        const via = (person: ReportPerson) =>
          people.find((one) => one.id === person.id)?.access.find((held) => held.tool === id && held.role === value)
            ?.via ?? [];
        const holding = people.filter(({ access }) => access.some((held) => held.tool === id && held.role === value));
        return {
          tool: id,
          role: value,
          displayName,
          description,
          holders: byName(holding).map((person) => ({ person, via: via(person) })),
          teams: teams.filter(({ key }) => giving.includes(key)),
        };
      }),
  );
}

function partnersIn(
  settings: Settings,
  tools: readonly ReportTool[],
  people: readonly AccessPerson[],
  groups: (people: readonly AccessPerson[]) => PeopleGroup[],
): ReportPartner[] {
  return Object.entries(settings.partners).map(([key, { displayName, issuer }]) => ({
    key,
    displayName,
    issuer,
    roles: tools.flatMap(({ id }) =>
      partnersOf(settings, id)
        .filter((partner) => partner.key === key)
        .flatMap(({ access }) => Object.entries(access).map(([role, names]) => ({ tool: id, role, groups: names }))),
    ),
    people: groups(people.filter(({ partner }) => partner === key)),
  }));
}
