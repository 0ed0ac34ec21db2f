import { sandboxRequest } from "../../cli/sandbox-request.ts";
import { control } from "../../sandbox/supervisor/control-client.ts";
import { ensureToolchain } from "../../sandbox/toolchain/index.ts";
import { deployerGraph, directory, type GraphClient } from "../sandbox/live.ts";
import type { Loss } from "./access-ends.ts";
import { type Company, LEAVERS } from "./company.ts";

/** Teams of those who leave; the first gives the role that is taken away. */
const TEAMS = ["analysts", "sales"] as const;

/** Takes roles and accounts away in Entra itself, at once, and puts them back afterwards. */
export class Leaving {
  readonly #company: Company;
  readonly #gone = new Map<string, "disabled" | "deleted">();
  #graph: GraphClient | undefined;

  constructor(company: Company) {
    this.#company = company;
  }

  /** Everybody is there, whatever an earlier run left. */
  async begin(): Promise<void> {
    this.#graph = await deployerGraph(this.#company.sandbox);
    await this.end();
  }

  /** @returns when Entra knew of it, in milliseconds */
  async lose(key: string, loss: Loss): Promise<number> {
    if (loss === "role")
      await this.#askGraph("DELETE", `/groups/${this.#group(TEAMS[0])}/members/${this.#user(key)}/$ref`);
    else {
      this.#gone.set(key, loss);
      await this.#seed();
    }
    return Date.now();
  }

  /** Everybody is back, with every role. */
  async end(): Promise<void> {
    this.#gone.clear();
    await this.#seed();
    for (const team of TEAMS) {
      const group = this.#group(team);
      const members = directory(this.#company.sandbox).groups[group]?.members ?? [];
      for (const id of LEAVERS.map((key) => this.#user(key)).filter((id) => !members.includes(id))) {
        await this.#askGraph("POST", `/groups/${group}/members/$ref`, {
          "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}`,
        });
      }
    }
  }

  async #seed(): Promise<void> {
    const { sandbox, settings } = this.#company;
    const asked = sandboxRequest(sandbox.layout, await ensureToolchain(), settings);
    const people = asked.people
      .filter(({ key }) => this.#gone.get(key) !== "deleted")
      .map((one) => (this.#gone.get(one.key) === "disabled" ? { ...one, enabled: false } : one));
    await control(sandbox.record, "POST", "/seed", { ...asked, people });
  }

  async #askGraph(method: string, path: string, body?: unknown): Promise<void> {
    if (this.#graph === undefined) throw new Error("Nothing has begun.");
    await this.#graph(method, `/v1.0${path}`, body);
  }

  #user(key: string): string {
    const user = Object.values(directory(this.#company.sandbox).users).find(({ seededAs }) => seededAs === key);
    if (user === undefined) throw new Error(`The directory has nobody called ${key}.`);
    return user.id;
  }

  #group(team: string): string {
    const name = this.#company.settings.teams[team]?.displayName ?? team;
    const group = Object.values(directory(this.#company.sandbox).groups).find(
      ({ displayName }) => displayName === name,
    );
    if (group === undefined) throw new Error(`The directory has no team ${name}.`);
    return group.id;
  }
}
