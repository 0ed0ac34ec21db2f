import { accessRows, listWords, peopleByKind, plural } from "../../model/index.ts";
import type { UnexplainedAssignments } from "./assignments.ts";
import { box, code, sentence, text } from "./markdown.ts";
import type { Preview } from "./preview.ts";
import { type EnvironmentReport, irreplaceable, mandatory } from "./report.ts";
import { kindName } from "./resource-names.ts";

/** The first errors are the cause of the others more often than not. */
const MOST_ERRORS = 5;

/** What stops the pull request, then what somebody has to look at, above everything else. */
export function boxes(reports: readonly EnvironmentReport[], adminNames: number): string[] {
  const stops = reports.flatMap((report) => within(report, stopping(report)));
  const looks = reports.flatMap((report) => within(report, looking(report, adminNames)));
  return [
    ...(stops.length === 0 ? [] : [box("CAUTION", ["**Not to be merged as it is.**", "", ...stops])]),
    ...(looks.length === 0
      ? []
      : [box("WARNING", ["**To be looked at by somebody who answers for it.**", "", ...looks])]),
  ];
}

function within({ name }: EnvironmentReport, sentences: readonly string[]): string[] {
  return sentences.map((words) => `- **${text(name)}**: ${words}`);
}

function stopping(report: EnvironmentReport): string[] {
  const { problem, preview, lockOuts = [] } = report;
  const errors = preview?.errors ?? [];
  const broken = mandatory(report);
  return [
    ...(problem === undefined ? [] : [`The settings cannot be compared: ${sentence(problem)}`]),
    ...irreplaceable(report).map(
      ({ operation, type, name }) =>
        `${kindName(type)} ${code(name)} would be ${operation === "delete" ? "deleted" : "replaced"}. It cannot be made again as it was.`,
    ),
    ...errors.slice(0, MOST_ERRORS).map((message) => `The preview failed: ${sentence(message)}`),
    ...(errors.length <= MOST_ERRORS
      ? []
      : [`${plural(errors.length - MOST_ERRORS, "more error", "more errors")} in the preview's log.`]),
    ...(broken.length === 0
      ? []
      : [`${plural(broken.length, "mandatory policy is", "mandatory policies are")} violated (below).`]),
    ...lockOuts.filter(({ enforced }) => enforced).map(({ message }) => `Lock-out: ${sentence(message)}`),
  ];
}

function looking(
  { access, signIns, preview, unexplained, lockOuts = [] }: EnvironmentReport,
  adminNames: number,
): string[] {
  const admins = access === undefined ? [] : accessRows(access).filter(({ gained, admin }) => gained && admin);
  return [
    ...admins.map((row) => {
      const roles = listWords(
        row.roles.map(({ tool, role }) => `${text(tool)} ${code(role)}`),
        String,
        adminNames,
      );
      if (row.kind === "group") return `everybody in ${code(row.team)} (members not known here) gains ${roles}.`;
      const names = row.people.map(({ displayName }) => text(displayName));
      return `${listWords(names, String, adminNames)} ${names.length === 1 ? "gains" : "gain"} ${roles}.`;
    }),
    ...(access?.owners.gained ?? [])
      .filter(({ admin }) => admin)
      .map(
        ({ person, team }) =>
          `${code(person)} owns ${code(team)} now, which holds an admin role, and so can make administrators.`,
      ),
    ...(signIns === undefined ? [] : letThrough(peopleByKind(signIns.comparison.enforced)["newly-let-through"].length)),
    ...(preview === undefined ? [] : previewWarnings(preview)),
    ...(unexplained === undefined ? [] : deployedOtherwise(unexplained)),
    ...lockOuts
      .filter(({ enforced }) => !enforced)
      .map(({ message }) => `Lock-out once report-only policies are enforced: ${sentence(message)}`),
  ];
}

/** What is deployed is not what the old settings say. */
function deployedOtherwise({ made, ended }: UnexplainedAssignments): string[] {
  return [
    ...made.map(
      ({ team, tool, role }) =>
        `The deployment also gives ${code(team)} the role ${text(tool)} ${code(role)}, which is in the settings already and was never deployed.`,
    ),
    ...ended.map(
      (name) => `The deployment also ends the role assignment ${code(name)}, which the old settings do not have.`,
    ),
  ];
}

function letThrough(people: number): string[] {
  if (people === 0) return [];
  const is = people === 1 ? "is" : "are";
  return [`Conditional Access asks for less: ${plural(people, "person", "people")} ${is} newly let through (below).`];
}

/** What a list of resources does not say by itself. */
function previewWarnings({ changes }: Preview): string[] {
  const losing = changes.filter(({ operation }) => operation === "delete" || operation === "replace");
  const named = (type: string) =>
    losing
      .filter((one) => one.type === type)
      .map(({ name }) => name)
      .sort();
  const groups = named("azuread:index/group:Group");
  return [
    ...pairs(named("azuread:index/applicationPassword:ApplicationPassword")).map(
      (pair) =>
        `Both client secrets ${pair} are replaced at once: nobody can sign in until the tool's pods have the new one.`,
    ),
    ...pairs(named("random:index/randomPassword:RandomPassword")).map(
      (pair) =>
        `Both keys ${pair} are replaced at once: what the tool signed or encrypted with them can be read no more.`,
    ),
    ...(groups.length === 0
      ? []
      : [
          `Entra group${groups.length === 1 ? "" : "s"} ${listWords(groups, code)} would be deleted: gone from mailboxes, shares and whatever else names ${groups.length === 1 ? "it" : "them"} outside Entrada.`,
        ]),
  ];
}

/** Secrets come in pairs that overlap (`…-a`, `…-b`), so that a rotation interrupts nobody: names of those that go together. */
function pairs(names: readonly string[]): string[] {
  return names
    .filter((name) => name.endsWith("-a") && names.includes(`${name.slice(0, -1)}b`))
    .map((name) => `${code(name)} and ${code(`${name.slice(0, -1)}b`)}`);
}
