import { Command, CommanderError, Option } from "commander";
import { readConditions } from "../model/conditional-access/played.ts";
import { Refusal, red, WrongUse } from "./output.ts";
import { CLIENTS, describeClients } from "./sign-in/clients.ts";
import { describeConditions } from "./sign-in/conditions.ts";

/** Commands load their code when they run: `--help` and `access` don't wait for the engine's libraries. */
const program = new Command("entrada")
  .description("Entra ID sign-in for a company's data tools: try it, see who may do what, sign in as somebody.")
  .showHelpAfterError("(entrada --help shows the commands)")
  // Else the options that stand after `access diff` would reach `access` without the word before them, which takes them for its own.
  .enablePositionalOptions()
  .exitOverride();

const sandbox = program.command("sandbox").description("Azure on this machine: the same program, no Azure account");

sandbox
  .command("up")
  .description("start the sandbox and bring the stack up in it; again: no changes")
  .option("--stack <name>", "environment, a file stacks/Pulumi.<name>.yaml", "sandbox")
  .option("--stack-file <path>", "another stack file for it")
  .option("--refresh", "first read what really is there, and say what somebody changed by hand")
  .addOption(providers())
  .addHelpText("after", examples("entrada sandbox up", "entrada sandbox up --refresh"))
  .action(async (options) => (await import("./commands/sandbox-up.ts")).sandboxUp(options));

sandbox
  .command("preview")
  .description("start the sandbox and show what `up` would change, with policies")
  .option("--stack <name>", "environment, a file stacks/Pulumi.<name>.yaml", "sandbox")
  .option("--stack-file <path>", "another stack file for it")
  .addOption(providers())
  .addHelpText("after", examples("entrada sandbox preview"))
  .action(async (options) => (await import("./commands/sandbox-up.ts")).sandboxPreview(options));

sandbox
  .command("destroy")
  .description("remove everything that the stack declares; the sandbox goes on running")
  .option("--stack <name>", "environment, a file stacks/Pulumi.<name>.yaml", "sandbox")
  .addOption(providers())
  .addHelpText("after", examples("entrada sandbox destroy"))
  .action(async (options) => (await import("./commands/sandbox-destroy.ts")).sandboxDestroy(options));

sandbox
  .command("down")
  .description("stop every process of the sandbox; its state stays")
  .addHelpText("after", examples("entrada sandbox down"))
  .action(async () => (await import("./commands/sandbox-down.ts")).sandboxDown());

sandbox
  .command("reset")
  .description("stop the sandbox and wipe its state")
  .addHelpText("after", examples("entrada sandbox reset"))
  .action(async () => (await import("./commands/sandbox-down.ts")).sandboxReset());

sandbox
  .command("status")
  .description("what runs, and where")
  .option("--json", "for scripts")
  .addHelpText("after", examples("entrada sandbox status", "entrada sandbox status --json"))
  .action(async (options) => (await import("./commands/sandbox-status.ts")).sandboxStatus(options));

sandbox
  .command("env")
  .description("point a shell to the running sandbox, so that the ordinary pulumi and Azure's libraries work there")
  .addOption(providers())
  .addHelpText("after", "\nPrints lines for bash, zsh and their relatives, and starts nothing.")
  .addHelpText("after", examples("entrada sandbox env", 'eval "$(npx entrada sandbox env)"'))
  .action(async (options) => (await import("./commands/sandbox-env.ts")).sandboxEnv(options));

sandbox
  .command("run")
  .description("run tools for real: their pods become processes of this machine, to open in a browser")
  .argument("<tools...>", "for example superset airflow")
  .option("--stack <name>", "environment, a file stacks/Pulumi.<name>.yaml", "sandbox")
  .option("--stack-file <path>", "another stack file for it")
  .option("--all", "background workers too, not only what people connect to")
  .option("--attach", "stay, and end them at Ctrl-C")
  .addHelpText("after", examples("entrada sandbox run superset airflow", "entrada sandbox run superset --attach"))
  .action(async (tools, options) => (await import("./commands/sandbox-run.ts")).sandboxRun(tools, options));

sandbox
  .command("stop")
  .description("end what `sandbox run` started; without names everything")
  .argument("[tools...]", "for example superset")
  .addHelpText("after", examples("entrada sandbox stop superset", "entrada sandbox stop"))
  .action(async (tools) => (await import("./commands/sandbox-run.ts")).sandboxStop(tools));

sandbox
  .command("browse")
  .description("open a tool that runs in a Chromium of its own, which trusts the sandbox and nothing else changes")
  .argument("<tool>", "for example superset")
  .option("--as <name>", "a browser of its own for each name, so that several people are signed in at once", "me")
  .option("--stack <name>", "environment, a file stacks/Pulumi.<name>.yaml", "sandbox")
  .addHelpText("after", examples("entrada sandbox browse superset", "entrada sandbox browse superset --as mei"))
  .action(async (tool, options) => (await import("./commands/sandbox-browse.ts")).sandboxBrowse(tool, options));

program
  .command("sign-in")
  .description(
    "the tool's whole code flow in the sandbox, as a person, by every way into it; exit 1 when it is refused",
  )
  .argument("<tool>", "for example superset")
  .requiredOption(
    "--as <person>",
    "a key under `people:`, a user principal name, or <person>@<partner> for somebody under `partners:`",
  )
  .option("--stack <name>", "environment", "sandbox")
  .option("--redirect-uri <uri>", "send this redirect URI instead of the registered one, to see AADSTS50011")
  .option("--service-account <namespace/name>", "prove the client with another pod's token, to see AADSTS700213")
  .addOption(
    new Option("--client <kind>", "let the client prove itself in another way than its registration expects").choices(
      Object.keys(CLIENTS),
    ),
  )
  .option("--callback <path>", "play one way of the tool only, by its callback's path")
  .option(
    "--from <conditions>",
    "play where and how the person signs in: name=value, several by commas or by repeating the option",
    (value: string, before: readonly string[] = []) => [...before, value],
  )
  .option("--json", "for scripts")
  .addHelpText("after", () => `\nKinds of clients:\n${describeClients()}`)
  .addHelpText("after", () => `\nConditions:\n${describeConditions()}`)
  .addHelpText(
    "after",
    examples(
      "entrada sign-in superset --as ana.lima",
      "entrada sign-in superset --as ana.lima --json",
      "entrada sign-in superset --as ana.lima --from country=BR,device=compliant,mfa=fido2",
      "entrada sign-in superset --as kai.larsen@acme",
      "entrada sign-in superset --as ana.lima --client expired-secret",
      "entrada sign-in openmetadata --as ana.lima --callback /callback --client public-without-pkce",
    ),
  )
  .action(async (tool, { from, ...options }, command: Command) => {
    const { conditions, problems } = readConditions(from ?? []);
    if (problems.length > 0) command.error(`error: --from cannot be played:\n  ${problems.join("\n  ")}`);
    const played = from === undefined ? {} : { played: conditions };
    await (await import("./commands/sign-in.ts")).signIn(tool, { ...options, ...played });
  });

program
  .command("policies")
  .description("the policies' configuration for a stack's settings, for `pulumi … --policy-pack-config`")
  .option("--stack <name>", "environment, a file stacks/Pulumi.<name>.yaml", "sandbox")
  .option("--out <file>", "write it there")
  .addHelpText("after", examples("entrada policies --stack prod --out policy-settings.json"))
  .action(async (options) => (await import("./commands/policies.ts")).policies(options));

const access = program
  .command("access")
  .description("who has which role in which tool, through which team")
  // Else `access` itself would take the options that stand after `diff`.
  .enablePositionalOptions()
  .option("--stack <name>", "environment, a file stacks/Pulumi.<name>.yaml", "sandbox")
  .addOption(new Option("--json", "for scripts").conflicts(["html", "csv"]))
  .option("--html <file>", "write the access review report, one page, with a table of the same name (.csv) beside it")
  .option("--csv <file>", "write the table, alone or where it is to stand")
  .addHelpText(
    "after",
    examples(
      "entrada access",
      "entrada access --stack prod --json",
      "entrada access --stack prod --html access-review.html",
    ),
  )
  .action(async (options) => (await import("./commands/access.ts")).access(options));

access
  .command("diff")
  .description(
    "what a change of settings gives and takes away: who gains and who loses which role; exit 1 when anybody gains an admin role",
  )
  .option(
    "--from <old>",
    "a stack file, a git revision, <revision>:<path>, or what `pulumi preview --json` wrote. Default: where this branch parted from main",
  )
  .option("--to <new>", "the same. Default: the stack's file as it is")
  .option("--stack <name>", "environment, a file stacks/Pulumi.<name>.yaml", "sandbox")
  .option("--json", "for scripts")
  .option("--markdown", "as in the comment on a pull request")
  .addHelpText("after", "\nNothing is checked out, and nothing needs to run.")
  .addHelpText(
    "after",
    examples(
      "entrada access diff",
      "entrada access diff --from main --to my-branch --stack prod",
      "entrada access diff --from stacks/Pulumi.staging.yaml --to stacks/Pulumi.prod.yaml --json",
      "entrada access diff --from v1.4:stacks/Pulumi.prod.yaml --stack prod --markdown",
    ),
  )
  .action(async (options) => (await import("./commands/access-diff.ts")).accessDiff(options));

access
  .command("comment")
  .description(
    "the one comment on a pull request: access, sign-ins, secrets, resources and policies of every environment; exit 1 when it must not be merged",
  )
  .option("--from <revision>", "a git revision. Default: where this branch parted from main")
  .option("--to <revision>", "a git revision. Default: the files as they are")
  .option(
    "--stack <name>",
    "this environment only; several by repeating the option. Default: every file in stacks/",
    (name: string, before: readonly string[] = []) => [...before, name],
  )
  .option(
    "--previews <folder>",
    "with <stack>.json of `pulumi preview --json`, and <stack>.events.jsonl of `--event-log` for what the policies say",
  )
  .option("--out <file>", "write it there. Default: standard output")
  .addHelpText("after", "\nWhat must not be merged: docs/pull-requests.md.")
  .addHelpText(
    "after",
    examples(
      "entrada access comment",
      "entrada access comment --previews previews --out comment.md",
      "entrada access comment --from main --to my-branch --stack staging --stack prod",
    ),
  )
  .action(async (options) => (await import("./commands/access-comment.ts")).accessComment(options));

program
  .command("what-if")
  .description(
    "what Conditional Access says to sign-ins, from the settings alone; exit 1 when it locks somebody out whom the environment needs",
  )
  .option("--as <person>", "a key under `people:` or a user principal name. Default: everybody")
  .option("--tool <tool>", "for example superset. Default: every tool")
  .option("--country <code>", "where the person is, for example US")
  .option("--device <kind>", "compliant, hybrid, registered or unmanaged")
  .option("--client <kind>", "browser, app, exchange-activesync or other")
  .option(
    "--from <conditions>",
    "these and further conditions, for example country=US,risk=high. Default: a grid of conditions",
    (text: string, before: string[] = []) => [...before, text],
  )
  .option("--stack <name>", "environment, a file stacks/Pulumi.<name>.yaml", "sandbox")
  .option("--compare <old>", "who is newly blocked, challenged or let through since this git revision or stack file")
  .option("--to <new>", "compare with this revision or stack file instead of the stack's file as it is")
  .option("--json", "for scripts")
  .addHelpText("after", () => `\nConditions:\n${describeConditions()}`)
  .addHelpText(
    "after",
    examples(
      "entrada what-if",
      "entrada what-if --as ana.lima --tool superset --country US --json",
      "entrada what-if --as mira.holt --from device=compliant,risk=high",
      "entrada what-if --compare main",
      "entrada what-if --compare main..my-branch --tool superset --json",
      "entrada what-if --stack prod --compare stacks/Pulumi.staging.yaml",
    ),
  )
  .action(async (options) => (await import("./commands/what-if.ts")).whatIfCommand(options));

program
  .command("init")
  .description("make an environment's stack file: asks on a terminal, and takes every answer as an option too")
  .argument("<environment>", "for example qa: the file is stacks/Pulumi.qa.yaml")
  .option("--from <stack>", "copy another environment's settings; what is its own has to be given anew")
  .option("--organization <name>", "the company's name")
  .option("--domain <host>", "domain of the tools' hosts")
  .option("--user-domain <host>", "domain of the people's user principal names")
  .option("--tenant <guid>", "the Entra tenant")
  .option("--subscription <guid>", "the Azure subscription")
  .option("--location <region>", "Azure region, such as westeurope")
  .option("--registry <host>", "the one container registry")
  .option("--team <name=people>", "name=member,member (the first one owns it), or name=<object id>; repeat it", listed)
  .option("--tool <tool=Role:teams>", "superset=Alpha:analysts,product; repeat it for further roles and tools", listed)
  .option("--oidc-issuer <url>", "issuer of the cluster's service-account tokens")
  .option("--context <name>", "the cluster's context in the kubeconfig")
  .option("--gateway <namespace/name>", "the Gateway that the tools' routes attach to")
  .option("--break-glass <accounts>", "emergency accounts, between commas")
  .addOption(new Option("--licence <plan>", "the tenant's Entra ID licences; default p1").choices(["p1", "p2"]))
  .option("--set <path=value>", "any other setting, such as tools.superset.replicas=2; repeat it", listed)
  .option("--dry-run", "print the file and write nothing")
  .option("--force", "replace a file that is there, and show what changes; Pulumi's own keys in it stay")
  .option("--no-ask", "ask nothing, even on a terminal")
  .addHelpText(
    "after",
    examples(
      "entrada init qa",
      "entrada init qa --from dev --domain data.qa.contoso.com --dry-run",
      "entrada init qa --team bi-admins=ana.lima,jon.berg --tool superset=Admin:bi-admins --set tools.superset.replicas=1",
    ),
  )
  .action(async (environment, options) => (await import("./commands/init.ts")).init(environment, options));

program
  .command("bootstrap")
  .description("make what keeps an environment's Pulumi state in Azure; again: changes nothing")
  .argument("<environment>", "for example qa")
  .option("--subscription <guid>", "the Azure subscription; default: the stack file's")
  .option("--location <region>", "Azure region, such as westeurope; default: the stack file's")
  .option("--deployer <object id>", "a service principal or managed identity that deploys too; repeat it", listed)
  .option("--dry-run", "read only: show what is there and what would be made")
  .option("--json", "for scripts")
  .addHelpText(
    "after",
    examples(
      "entrada bootstrap qa --dry-run",
      "entrada bootstrap qa --subscription 41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17 --location westeurope",
    ),
  )
  .action(async (environment, options) => (await import("./commands/bootstrap.ts")).bootstrap(environment, options));

program
  .command("environments")
  .description("what differs between dev, staging, prod and the others, setting by setting")
  .option("--json", "for scripts")
  .addHelpText("after", examples("entrada environments", "entrada environments --json"))
  .action(async (options) => (await import("./commands/environments.ts")).environments(options));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    process.stderr.write(
      `${red(error instanceof Refusal || error instanceof WrongUse ? error.message : unexpected(error))}\n`,
    );
    process.exitCode = error instanceof WrongUse ? 2 : 1;
  }
}
// Libraries may keep a connection or a timer open; the command has said all it had to say.
process.exit();

/** Whose plugins the engine uses in the sandbox. */
function providers(): Option {
  return new Option(
    "--providers <kind>",
    "the sandbox's stand-ins, or the installed azuread, azure-native and kubernetes plugins",
  )
    .choices(["stand-in", "official"])
    .default("stand-in");
}

/** Collects an option that may be repeated. */
function listed(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function examples(...commands: string[]): string {
  return `\nExamples:\n${commands.map((command) => `  $ ${command}`).join("\n")}\n`;
}

function unexpected(error: unknown): string {
  if (process.env.ENTRADA_DEBUG) return (error as Error).stack ?? String(error);
  return error instanceof Error ? error.message : String(error);
}
