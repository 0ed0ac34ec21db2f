import { contracts } from "../../components/tools/registry.ts";
import { type Problem, shown } from "../../model/settings/problem.ts";
import { BASE, CLUSTER } from "./base.ts";
import { answerOf, type Draft, isMapAt, items, type Path, pathOf, textsAt } from "./draft.ts";
import { applyLicence, knownTools, ownPaths, teamOf, toolPath } from "./options.ts";
import type { Prompter } from "./prompter.ts";

/**
 * Asks for everything that an environment needs and nobody gave yet. Every answer is checked at once by the settings' own
 * schema and checks, and asked for again with their message until they take it.
 */
export class Questions {
  constructor(
    private readonly draft: Draft,
    private readonly prompter: Prompter,
    private readonly licence?: string,
  ) {}

  async everything(): Promise<void> {
    for (const { path } of BASE) await this.unlessGiven(path);
    await this.teams();
    await this.tools();
    for (const { path } of CLUSTER) await this.cluster(path);
    await this.ownOnes();
    await this.conditionalAccess();
    await this.fill([]);
  }

  /** Asks for a yes or a no; an empty answer is a yes. */
  async agrees(question: string): Promise<boolean> {
    for (;;) {
      const answer = (await this.prompter.ask(`${question} [Y/n] `)).toLowerCase();
      if (["", "y", "yes"].includes(answer)) return true;
      if (["n", "no"].includes(answer)) return false;
      this.prompter.say("  Answer y or n.");
    }
  }

  private async unlessGiven(path: Path, optional = false): Promise<void> {
    const given = this.draft.given.has(path.join(".")) && this.draft.problems(path).length === 0;
    if (!given) await this.setting(path, optional);
  }

  /** Asks for one setting. What is copied or follows from other answers is offered, and taken by an empty answer. */
  private async setting(path: Path, optional = false): Promise<void> {
    const { description, allowed, example } = textsAt(path);
    this.prompter.say(`\n${description ?? allowed ?? ""}`);
    const offered = this.draft.at(path) ?? this.suggestion(path);
    const hint = offered === undefined ? `, such as ${asText(example)}` : ` [${asText(offered)}]`;
    for (;;) {
      const text = await this.prompter.ask(`  ${path.join(".")}${optional ? " (may be empty)" : ""}${hint}: `);
      if (text === "" && optional && offered === undefined) return;
      const value = text === "" && offered !== undefined ? offered : answerOf(path, text);
      const objections = this.draft.objections(path, value);
      if (objections.length === 0) return this.draft.put(path, value);
      this.refuse(objections);
    }
  }

  private suggestion(path: Path): unknown {
    const { registry, environment } = this.draft.raw;
    const contract = contracts.find(({ id }) => path[0] === "tools" && path[1] === id);
    const plainImage = path.length === 3 && path[2] === "image" && environment !== "prod";
    return contract !== undefined && plainImage ? `${registry}/${contract.id}:${contract.versions[0]}` : undefined;
  }

  private refuse(problems: readonly Problem[]): void {
    for (const { path, found, allowed, fix } of problems) {
      this.prompter.say(`  Not that: ${path}\n    found:   ${found}\n    allowed: ${allowed}\n    fix:     ${fix}`);
    }
  }

  private async teams(): Promise<void> {
    this.prompter.say("\nThe company's teams; each is one Entra security group. The first member owns it.");
    this.prompter.say("Write name=member,member, or name=<object id of a group that exists>.");
    for (;;) {
      const known = Object.keys((this.draft.at(["teams"]) ?? {}) as object);
      const text = await this.prompter.ask(
        `  team${known.length === 0 ? "" : ` (so far ${known.join(", ")}; empty: no more)`}: `,
      );
      if (text === "" && known.length > 0) return;
      const [, name = text, people = ""] = /^([^=]*)=(.*)$/.exec(text) ?? [];
      const path = ["teams", name.trim()];
      const team = teamOf(people);
      const objections = this.draft.objections(path, team);
      if (name.trim() === "" || name.trim() === "__proto__")
        this.prompter.say("  A team needs a name: write name=member,member.");
      else if (objections.length > 0) this.refuse(objections);
      else this.draft.put(path, team);
    }
  }

  private async tools(): Promise<void> {
    this.prompter.say(`\nThe data tools of this environment. ${knownTools()}`);
    for (;;) {
      const known = Object.entries((this.draft.at(["tools"]) ?? {}) as object).flatMap(([id, value]) =>
        toolPath(id) === undefined ? Object.keys(value).map((name) => `${id}.${name}`) : [id],
      );
      const text = await this.prompter.ask(
        `  tool${known.length === 0 ? "" : ` (so far ${known.join(", ")}; empty: no more)`}: `,
      );
      if (text === "" && known.length > 0) return;
      const path = toolPath(text);
      if (path === undefined) this.prompter.say(`  There is no such tool. ${knownTools()}`);
      else if (this.draft.at(path) !== undefined) this.prompter.say("  That one is there already.");
      else await this.tool(path);
    }
  }

  private async tool(path: Path): Promise<void> {
    const trial = this.draft.objections(path, {}).filter(({ path: place }) => place === path.join("."));
    if (trial.length > 0) return this.refuse(trial);
    this.draft.put(path, {});
    await this.fill(path, [...path, "access"]);
    const roles = this.draft.roles(path);
    if (roles.length > 0) this.prompter.say("\nWho holds which of its roles? Teams between commas, or nothing.");
    for (const { value, description, admin } of roles) {
      await this.role([...path, "access", value], `  ${value}${admin ? " (admin)" : ""}: ${description}`, admin);
    }
    await this.fill(path);
  }

  private async role(path: Path, description: string, admin: boolean): Promise<void> {
    this.prompter.say(description);
    for (;;) {
      const teams = items(await this.prompter.ask(`  ${path.at(-1)}: `));
      if (teams.length === 0) return;
      if (admin) await this.makePrivileged(teams);
      const objections = this.draft.objections(path, teams);
      if (objections.length === 0) return this.draft.put(path, teams);
      this.refuse(objections);
    }
  }

  private async makePrivileged(teams: readonly string[]): Promise<void> {
    for (const team of teams) {
      const place = ["teams", team];
      if (this.draft.at(place) === undefined || this.draft.at([...place, "privileged"]) === true) continue;
      const question = `  An admin role needs a privileged team: only owners and privileged administrators change its members. Make ${team} one?`;
      if (await this.agrees(question)) this.draft.put([...place, "privileged"], true);
    }
  }

  /** A setting of the cluster, where the others leave room for it: a cluster that is yet to be made has no issuer to name. */
  private async cluster(path: Path): Promise<void> {
    for (let length = 1; length < path.length; length++) {
      const parent = path.slice(0, length);
      if (this.draft.at(parent) === undefined) this.draft.put(parent, {});
    }
    if (path.at(-1) !== "context") {
      if (this.draft.problems(path).length > 0) await this.setting(path);
    } else if (this.draft.objections(path, textsAt(path).example).length === 0) await this.unlessGiven(path, true);
  }

  /** What was copied and is the other environment's own. */
  private async ownOnes(): Promise<void> {
    for (const path of ownPaths(this.draft)) await this.unlessGiven(path);
  }

  private async conditionalAccess(): Promise<void> {
    const path = ["conditionalAccess", "breakGlass"];
    const copied = this.draft.at(["conditionalAccess", "state"]) !== undefined;
    if (!this.draft.given.has(path.join("."))) await this.setting(path, true);
    if (copied && this.licence === undefined) return;
    const question = "\nSome policies look at risk, which needs Entra ID P2 licences. Leave those out?";
    applyLicence(this.draft, this.licence ?? ((await this.agrees(question)) ? "p1" : "p2"));
  }

  /** Asks for what the settings still miss or refuse at a place or below it, but not at a part that comes later. */
  private async fill(place: Path, later?: Path): Promise<void> {
    const opened = new Set<string>();
    for (;;) {
      const [problem] = this.draft
        .problems(place)
        .filter(({ path }) => later === undefined || !path.startsWith(later.join(".")));
      if (problem === undefined) return;
      const path = (pathOf(problem.path) ?? []).filter((key) => !/^\d+$/.test(key));
      if (path.length === 0) throw new Error(`The settings cannot be completed: ${problem.found}. ${problem.fix}`);
      if (this.draft.at(path) === undefined && isMapAt(path) && !opened.has(problem.path)) {
        opened.add(problem.path);
        this.draft.put(path, {});
        continue;
      }
      if (problem.found !== "nothing") this.refuse([problem]);
      await this.setting(path);
    }
  }
}

function asText(value: unknown): string {
  return typeof value === "string"
    ? value
    : Array.isArray(value) && value.every((item) => typeof item === "string")
      ? value.join(", ")
      : shown(value);
}
