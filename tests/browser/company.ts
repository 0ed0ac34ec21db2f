import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { contracts } from "../../components/tools/registry.ts";
import { type AccessMatrix, accessMatrix, declaredTools, type Settings } from "../../model/index.ts";
import { TestSandbox } from "../sandbox/harness.ts";

/** The tools that run; all others of the sample company are left out. */
export const RUNNING = ["superset", "airflow", "reports"] as const;
export type ToolId = (typeof RUNNING)[number];

/** A place in the stack file below `config`, without the prefix. @example ["tools", "superset", "image"] */
export type Place = readonly [string, ...(string | number)[]];

/** A change of the stack file: a place and what stands there then; undefined removes it. */
export type Edit = readonly [place: Place, value: unknown];

/** The versions before: [place of the image, its tag]. */
export const PREVIOUS: readonly Edit[] = [
  [["tools", "superset", "image"], "contoso.azurecr.io/superset:6.0.0"],
  [["tools", "airflow", "image"], "contoso.azurecr.io/airflow:3.2.2"],
  [["proxy", "image"], "contoso.azurecr.io/oauth2-proxy:v7.15.2-alpine"],
];

/** How long a session of Superset and of Airflow lasts here, and how soon the proxy has to hear of a leaver: the shortest allowed. */
export const SESSION = "2m";

/** Airflow keeps what it knows of a user for so many seconds: its `[fab] cache_ttl`. */
export const AIRFLOW_CACHE = 30;

/**
 * Who leaves, in the tests of when access ends: each loses something else, once with a session that is open, once before a new
 * one. All are analysts, and in sales too, so that one role can go and another stay.
 */
export const LEAVERS = [
  "open.role",
  "open.disabled",
  "open.deleted",
  "fresh.role",
  "fresh.disabled",
  "fresh.deleted",
] as const;
export type Leaver = (typeof LEAVERS)[number];

const ALWAYS: readonly Edit[] = [
  [["tools", "superset", "session"], { lifetime: SESSION }],
  [["tools", "airflow", "session"], { lifetime: SESSION }],
  [["sessions"], { revocation: SESSION }],
  ...LEAVERS.map(
    (key): Edit => [["people", key], { displayName: key.replace(".", " "), jobTitle: "Leaver", country: "Germany" }],
  ),
];

/** How much of a log tells why its container ended. */
const LAST_LINES = 25;

/** The sample company with a few tools, in a sandbox of its own whose settings the tests change. */
export class Company {
  readonly sandbox: TestSandbox;
  /** The stack file. */
  readonly file: string;
  #known: { readonly text: string; readonly settings: Settings; readonly matrix: AccessMatrix } | undefined;

  /** @param root the sandbox's folder; what is there is used */
  constructor(root?: string) {
    this.sandbox = new TestSandbox(root);
    const folder = join(this.sandbox.layout.root, "settings");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = join(folder, "Pulumi.sandbox.yaml");
  }

  get settings(): Settings {
    return this.#read().settings;
  }

  get matrix(): AccessMatrix {
    return this.#read().matrix;
  }

  /** What the file says, read again only when it says something else: tests ask all the time. */
  #read() {
    const text = readFileSync(this.file, "utf8");
    if (this.#known?.text !== text) {
      const settings = loadSettings(this.file);
      this.#known = { text, settings, matrix: accessMatrix(settings, contracts) };
    }
    return this.#known;
  }

  /** Names that a tool gives to the app roles, by app role. */
  toolRoles(tool: ToolId): Readonly<Record<string, readonly string[]>> {
    const declared = declaredTools(this.settings, contracts).find(({ id }) => id === tool);
    if (declared === undefined) throw new Error(`The settings have no ${tool}.`);
    return Object.fromEntries(declared.contract.roles(declared.tool).map(({ value, toolRoles }) => [value, toolRoles]));
  }

  /** Writes the stack file: the sample company's with these changes, and nothing of earlier ones. */
  write(edits: readonly Edit[] = []): void {
    const document = parseDocument(readFileSync(stackFile("sandbox"), "utf8"));
    for (const tool of ["metabase", "databricks", "openmetadata"]) edit(document, [["tools", tool], undefined]);
    for (const one of [...ALWAYS, ...edits]) edit(document, one);
    for (const team of ["analysts", "sales"]) addLeavers(document, team);
    writeFileSync(this.file, document.toString({ lineWidth: 0 }));
  }

  /** Writes the stack file and brings the stack up with it. */
  async up(edits: readonly Edit[] = []): Promise<string> {
    this.write(edits);
    return this.sandbox.ok("sandbox", "up", "--stack-file", this.file);
  }

  /** Brings the stack up without changes, unless that is what stands in the stack file. */
  async settle(): Promise<void> {
    const before = readFileSync(this.file, "utf8");
    this.write();
    if (readFileSync(this.file, "utf8") !== before) await this.up();
  }

  /** Starts the tools' pods as processes of this machine. */
  run(): Promise<string> {
    return this.sandbox.ok("sandbox", "run", ...RUNNING, "--stack-file", this.file);
  }

  /** The last lines of each log of a tool's container. */
  lastWords(): string {
    const folder = join(this.sandbox.layout.logs, "pods");
    if (!existsSync(folder)) return "No container has run.";
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = files.map((file) => {
      const lines = readFileSync(join(file.parentPath, file.name), "utf8").trimEnd().split("\n");
      return `── ${join(file.parentPath, file.name)}\n${lines.slice(-LAST_LINES).join("\n")}`;
    });
    return texts.join("\n");
  }

  dispose(): Promise<void> {
    return this.sandbox.dispose();
  }
}

function edit(document: Document, [[first, ...rest], value]: Edit): void {
  const path = ["config", `entrada:${first}`, ...rest];
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, document.createNode(value));
}

function addLeavers(document: Document, team: string): void {
  const path = ["config", "entrada:teams", team, "members"];
  const members = document.toJS().config["entrada:teams"][team].members as string[];
  document.setIn(path, [...members, ...LEAVERS]);
}
