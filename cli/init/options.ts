import { contracts } from "../../components/tools/registry.ts";
import type { Problem } from "../../model/index.ts";
import { pathText, shown } from "../../model/settings/problem.ts";
import { looksSecret } from "../../model/settings/secret-looking.ts";
import { BASE, CLUSTER, isOwn, P2_PARTS, WITHOUT_P2 } from "./base.ts";
import { answerOf, type Draft, items, type Path, pathOf, textsAt } from "./draft.ts";

/** What `entrada init` takes; absent means: not given. */
export interface InitOptions {
  readonly organization?: string;
  readonly domain?: string;
  readonly userDomain?: string;
  readonly tenant?: string;
  readonly subscription?: string;
  readonly location?: string;
  readonly registry?: string;
  readonly oidcIssuer?: string;
  readonly context?: string;
  /** `namespace/name`. */
  readonly gateway?: string;
  /** Each `name=member,member` or `name=<object id of a group that exists>`. */
  readonly team?: readonly string[];
  /** Each `tool` or `tool=Role:team,team`. */
  readonly tool?: readonly string[];
  readonly breakGlass?: string;
  /** `p1` or `p2`. Default: p1. */
  readonly licence?: string;
  /** Each `path=value`. */
  readonly set?: readonly string[];
}

/** An option that cannot be read, in a sentence. */
export class Unreadable extends Error {}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Puts what the options say into a draft. Returns one sentence for each option that cannot be read. */
export function applyOptions(draft: Draft, options: InitOptions): string[] {
  const unreadable: string[] = [];
  const attempt = (run: () => void) => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      unreadable.push(error.message);
    }
  };
  const { organization, domain, userDomain, tenant, subscription, location, registry } = options;
  const values = [organization, domain, userDomain, tenant, subscription, location, registry];
  for (const [index, { path }] of BASE.entries()) {
    const value = values[index];
    if (value !== undefined) draft.put(path, value);
  }
  for (const text of options.team ?? []) attempt(() => addTeam(draft, text));
  for (const text of options.tool ?? []) attempt(() => addTool(draft, text));
  if (options.oidcIssuer !== undefined) draft.put(["cluster", "oidcIssuer"], options.oidcIssuer);
  if (options.context !== undefined) draft.put(["cluster", "context"], options.context);
  const { gateway, breakGlass } = options;
  if (gateway !== undefined) attempt(() => putGateway(draft, gateway));
  if (breakGlass !== undefined) draft.put(["conditionalAccess", "breakGlass"], items(breakGlass));
  for (const text of options.set ?? []) attempt(() => putAny(draft, text));
  return unreadable;
}

/** Starts Conditional Access with report-only, and switches off, with the reason, what the tenant has no licence for. */
export function applyLicence(draft: Draft, licence = "p1"): void {
  if (draft.at(["conditionalAccess", "state"]) === undefined) draft.put(["conditionalAccess", "state"], "report-only");
  if (licence === "p2") return;
  for (const part of P2_PARTS) {
    const place = ["conditionalAccess", "baseline", part];
    if (draft.at(place) === undefined) draft.put(place, { ...WITHOUT_P2 });
  }
}

/** `analysts=mei.tanaka,omar.haddad`: the first one owns the team as well. `sales=<object id>`: a group that exists. */
export function addTeam(draft: Draft, text: string): void {
  const [name, value] = halves(text);
  if (name === undefined || value === undefined)
    throw new Unreadable(
      `--team ${quoted(text)}: write name=member,member or name=<object id of a group that exists>.`,
    );
  draft.put(["teams", name], teamOf(value));
}

/** The settings of a team with these members, or of the group with this object id. */
export function teamOf(text: string): Record<string, unknown> {
  if (GUID.test(text.trim())) return { existing: text.trim() };
  const members = items(text);
  return { owners: members.slice(0, 1), members };
}

/** `superset=Alpha:analysts`: the tool, with a role's teams. Teams that are made here may hold admin roles from then on. */
function addTool(draft: Draft, text: string): void {
  const [name = text, access] = halves(text);
  const place = toolPath(name);
  if (place === undefined || access === "")
    throw new Unreadable(`--tool ${quoted(text)}: write tool=Role:team,team. ${knownTools()}`);
  if (draft.at(place) === undefined) draft.put(place, {});
  if (access === undefined) return;
  const colon = access.indexOf(":");
  const role = access.slice(0, colon).trim();
  const teams = items(access.slice(colon + 1));
  if (colon < 1 || role === "__proto__" || teams.length === 0)
    throw new Unreadable(`--tool ${quoted(text)}: write tool=Role:team,team.`);
  draft.put([...place, "access", role], teams);
}

/** The tools that there are, in a sentence. */
export function knownTools(): string {
  const names = contracts.map(({ id, named }) => (named === undefined ? id : `${id}.<name>`));
  return `The tools are ${names.join(", ")}.`;
}

/** Where a tool's settings stand: `superset`, or `custom.reports`. Undefined where there is no such tool. */
export function toolPath(name: string): string[] | undefined {
  const [id = "", own, ...more] = name.trim().split(".");
  const contract = contracts.find((known) => known.id === id);
  if (contract === undefined || more.length > 0 || (contract.named === undefined) !== (own === undefined))
    return undefined;
  return own === undefined ? ["tools", id] : own === "" || own === "__proto__" ? undefined : ["tools", id, own];
}

/** Teams that were made here and hold an admin role become privileged, which Entra wants of such groups. Returns their keys. */
export function privilege(draft: Draft): string[] {
  return adminTeams(draft).filter((team) => {
    const place = ["teams", team];
    if (!draft.given.has(pathText(place)) || draft.at([...place, "privileged"]) !== undefined) return false;
    draft.put([...place, "privileged"], true);
    return true;
  });
}

function adminTeams(draft: Draft): string[] {
  const tools = (draft.at(["tools"]) ?? {}) as Record<string, unknown>;
  const places = contracts.flatMap(({ id, named }) =>
    named === undefined ? [["tools", id]] : Object.keys(tools[id] ?? {}).map((name) => ["tools", id, name]),
  );
  const teams = places
    .filter((place) => draft.at(place) !== undefined)
    .flatMap((place) =>
      draft
        .roles(place)
        .filter(({ admin }) => admin)
        .flatMap(({ value }) => teamsIn(draft, place, value)),
    );
  return [...new Set(teams)].filter((team) => isMap(draft.at(["teams", team])));
}

function teamsIn(draft: Draft, tool: Path, role: string): string[] {
  const teams = draft.at([...tool, "access", role]);
  return Array.isArray(teams) ? teams.map(String) : [];
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function putGateway(draft: Draft, text: string): void {
  const [namespace, name, more] = text.split("/");
  if (!namespace || !name || more !== undefined)
    throw new Unreadable(`--gateway ${quoted(text)}: write namespace/name, for example gateway/public.`);
  draft.put(["cluster", "gateway", "namespace"], namespace);
  draft.put(["cluster", "gateway", "name"], name);
}

function putAny(draft: Draft, text: string): void {
  const [place, value] = halves(text);
  const path = place === undefined ? undefined : pathOf(place);
  if (path === undefined || value === undefined)
    throw new Unreadable(`--set ${quoted(text)}: write path=value, for example tools.superset.replicas=2.`);
  if (path[0] === "environment")
    throw new Unreadable("--set environment=…: the environment is the command's argument.");
  draft.put(path, answerOf(path, value));
}

/** Both sides of the first equals sign. */
function halves(text: string): [string | undefined, string | undefined] {
  const sign = text.indexOf("=");
  if (sign < 1) return [undefined, undefined];
  const name = text.slice(0, sign).trim();
  return name === "__proto__" ? [undefined, undefined] : [name, text.slice(sign + 1).trim()];
}

/** What somebody typed, unless it looks like a secret. */
function quoted(text: string): string {
  return looksSecret(text) ? "(not shown: it looks like a secret)" : JSON.stringify(text);
}

/** What a copied environment says that is the other one's own, as problems: each has to be given anew. */
export function copiedProblems(draft: Draft, source: string): Problem[] {
  return ownPaths(draft)
    .filter((path) => !draft.given.has(pathText(path)))
    .map((path) => ({
      path: pathText(path),
      found: `${shown(draft.at(path))}, copied from ${source}`,
      allowed: `this environment's own: ${textsAt(path).allowed ?? "a value"}`,
      fix: "Give it.",
    }));
}

/** Every place in a draft that holds something of one environment's own. */
export function ownPaths(draft: Draft): string[][] {
  const visit = (value: unknown, path: string[]): string[][] => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return isOwn(path) ? [path] : [];
    return Object.entries(value).flatMap(([key, inner]) => visit(inner, [...path, key]));
  };
  return visit(draft.raw, []);
}

/** A problem with the option that mends it. */
export function withOption(problem: Problem): Problem {
  const path = pathOf(problem.path);
  if (problem.path === "environment" || path === undefined) return problem;
  const { example } = textsAt(path);
  const missing = problem.found === "nothing";
  const option = optionOf(path, problem.path);
  const sample =
    missing && BASE.some(({ path: known }) => known.join() === path.join()) ? `, for example ${option} ${example}` : "";
  return { ...problem, fix: missing ? `Give it with ${option}${sample}.` : `${problem.fix} The option is ${option}.` };
}

function optionOf(path: Path, text: string): string {
  const flag = [...BASE, ...CLUSTER].find((known) => known.path.join(".") === text)?.flag;
  if (flag !== undefined) return flag;
  if (text === "cluster") return "--oidc-issuer and --gateway namespace/name";
  if (text === "cluster.gateway") return "--gateway namespace/name";
  if (path[0] === "teams" && path.length === 2) return `--team ${path[1]}=member,member`;
  return `--set '${text.replace(/\[\d+\].*$/, "")}=…'`;
}
