import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { type Problem, type Settings, settingsFromConfig } from "../../model/index.ts";
import { differences } from "../environments/differences.ts";
import { cell } from "../environments/page.ts";
import { Draft } from "../init/draft.ts";
import {
  applyLicence,
  applyOptions,
  copiedProblems,
  type InitOptions,
  privilege,
  withOption,
} from "../init/options.ts";
import { createPrompter, type Prompter } from "../init/prompter.ts";
import { Questions } from "../init/questions.ts";
import { type Kept, stackText } from "../init/stack-text.ts";
import { line, Refusal, WrongUse } from "../output.ts";
import { projectRoot, readConfig, settingsIn } from "../project.ts";
import { stackPath } from "../stack-files.ts";

/** What `entrada init` takes besides the settings. */
export interface InitCommand extends InitOptions {
  /** Stack whose settings are copied. */
  readonly from?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  /** False: no questions, even on a terminal. */
  readonly ask?: boolean;
}

/** Where the command works and whom it asks; tests bring their own. */
export interface InitPlace {
  readonly root: string;
  /** Absent: nobody is there to ask. */
  readonly prompter?: Prompter;
}

/**
 * Makes a stack file. Nothing is written before everything is known and the text itself was read back as settings.
 * @throws Refusal when the file exists already, or an answer is no; WrongUse with every problem of the options
 */
export async function init(environment: string, options: InitCommand, place = standardPlace(options)): Promise<void> {
  const { root, prompter } = place;
  try {
    const file = stackPath(root, environment);
    const raw = { ...copied(root, options.from), environment };
    const draft = new Draft(raw);
    const nameProblems = draft.problems(["environment"]);
    if (nameProblems.length > 0) throw new WrongUse(blocks(nameProblems), "init");
    const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    if (before !== undefined && !options.force && !options.dryRun) {
      throw new Refusal(
        `There is a stacks/Pulumi.${environment}.yaml already, and it was left as it is. Change it in an editor, or write it anew with --force, which first shows what would differ.`,
      );
    }
    const unreadable = applyOptions(draft, options);
    if (unreadable.length > 0 && prompter !== undefined) throw new WrongUse(unreadable, "init");
    const privileged = privilege(draft);
    if (prompter !== undefined) await new Questions(draft, prompter, options.licence).everything();
    else if (options.from === undefined || options.licence !== undefined) applyLicence(draft, options.licence);
    const problems = [...(options.from === undefined ? [] : copiedProblems(draft, options.from)), ...draft.problems()];
    if (unreadable.length + problems.length > 0)
      throw new WrongUse([...unreadable, ...blocks(problems.map(withOption))], "init");
    const text = stackText(draft.raw, before === undefined ? undefined : keptOf(before));
    // What is written is what counts: it is read back before it is.
    const settings = settingsIn(text, `The new stacks/Pulumi.${environment}.yaml`);
    for (const team of privileged) line(`${team} holds an admin role, so it is privileged.`);
    await write({ environment, file, text, settings, before, options, prompter });
  } finally {
    prompter?.close();
  }
}

interface Written {
  readonly environment: string;
  readonly file: string;
  readonly text: string;
  readonly settings: Settings;
  readonly before: string | undefined;
  readonly options: InitCommand;
  readonly prompter: Prompter | undefined;
}

async function write({ environment, file, text, settings, before, options, prompter }: Written): Promise<void> {
  if (before !== undefined) line(replaced(environment, before, settings));
  if (options.dryRun) {
    line(text.trimEnd());
    line("\nNothing was written: --dry-run.");
    return;
  }
  if (prompter !== undefined) {
    prompter.say(`\n${text}`);
    const question = `${before === undefined ? "Write" : "Replace"} stacks/Pulumi.${environment}.yaml?`;
    if (!(await new Questions(new Draft({}), prompter).agrees(question))) throw new Refusal("Nothing was written.");
  }
  writeFileSync(file, text, { flag: before === undefined ? "wx" : "w" });
  line(`Wrote stacks/Pulumi.${environment}.yaml. Next:`);
  line(`  npx entrada access --stack ${environment}   # who would get what`);
  line("  npm run environments   # writes docs/environments.md anew");
}

/** What the new file changes of the old one. */
function replaced(environment: string, before: string, settings: Settings): string {
  const name = `stacks/Pulumi.${environment}.yaml`;
  let old: Settings;
  try {
    old = settingsIn(before, name, { lockOuts: true });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `${name} could not be used and is replaced whole.`;
  }
  const rows = differences([
    { name: "old", settings: old },
    { name: "new", settings },
  ]);
  if (rows.length === 0) return `${name} is written anew; its settings stay the same.`;
  const lines = rows.map(({ setting, values }) => `  ${setting}: ${cell(values.old)} → ${cell(values.new)}`);
  return [`${name} is replaced; comments in it are lost, and these settings change:`, ...lines].join("\n");
}

/** Pulumi's own keys of a file that is replaced. Without `encryptedkey` or `encryptionsalt` the stack's secrets could not be read. */
function keptOf(before: string): Kept {
  let content: unknown;
  try {
    content = parseYaml(before);
  } catch {
    throw new Refusal(
      "The file that is there is not YAML, so that Pulumi's own keys in it cannot be kept. Mend it or move it away first.",
    );
  }
  const { config, ...top } = (content ?? {}) as Record<string, unknown>;
  const others = Object.entries((config ?? {}) as object).filter(([key]) => !key.startsWith("entrada:"));
  return { top, config: Object.fromEntries(others) };
}

/** Another environment's settings. Its vault's name stays behind: the default follows from subscription, environment and domain. */
function copied(root: string, from: string | undefined): Record<string, unknown> {
  if (from === undefined) return {};
  const file = stackPath(root, from);
  if (!existsSync(file)) throw new WrongUse([`There is no ${stackPath("", from)} to copy from.`], "init");
  settingsIn(readFileSync(file, "utf8"), stackPath("", from), { lockOuts: true });
  const raw = settingsFromConfig(readConfig(file));
  const { name, ...vault } = (raw.keyVault ?? {}) as Record<string, unknown>;
  return raw.keyVault === undefined ? raw : { ...raw, keyVault: vault };
}

function blocks(problems: readonly Problem[]): string[] {
  return problems.map(
    ({ path, found, allowed, fix }) => `${path}\n  found:   ${found}\n  allowed: ${allowed}\n  fix:     ${fix}`,
  );
}

function standardPlace({ ask = true }: InitCommand): InitPlace {
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return ask && terminal
    ? { root: projectRoot, prompter: createPrompter(process.stdin, process.stdout) }
    : { root: projectRoot };
}
