import { contracts } from "../../components/tools/registry.ts";
import { accessMatrix, declaredTools, type Settings, toolUrl } from "../../model/index.ts";
import type { ProviderKind } from "../../sandbox/engine/official.ts";
import { previewStack } from "../../sandbox/engine/operations.ts";
import { knownImage } from "../../sandbox/runner/images.ts";
import { renderAccess } from "../access-table.ts";
import { applyStack, refusing } from "../apply.ts";
import { bold, dim, green, line, seconds, step } from "../output.ts";
import { handOverPartnerSecrets } from "../partner-hand-over.ts";
import { loadSettings, stackFile } from "../project.ts";
import { describeChanges, describeRecovery, summarise } from "../sandbox-report.ts";
import { type OpenSandbox, openSandbox } from "../sandbox-session.ts";

export interface UpOptions {
  readonly stack: string;
  readonly stackFile?: string;
  readonly refresh?: boolean;
  readonly providers?: ProviderKind;
}

/** Starts the sandbox, applies the program under the policies and shows who may do what. */
export async function sandboxUp(options: UpOptions): Promise<void> {
  const started = Date.now();
  await withSandbox(options, async (session) => {
    const outcome = await applyStack(session, options.refresh === true);
    await handOverPartnerSecrets(session, options.stack);
    showResult(session, outcome, started);
  });
}

/** Shows what `up` would change; nothing is changed. */
export async function sandboxPreview(options: UpOptions): Promise<void> {
  await withSandbox(options, async (session) => {
    const preview = await step("Previewing with policies", () =>
      refusing(previewStack(session.stack, { policies: session.policies })),
    );
    for (const text of describeChanges(preview)) line(`    ${text}`);
    line(summarise(preview.counts, "Nothing would change."));
  });
}

async function withSandbox(options: UpOptions, run: (session: OpenSandbox) => Promise<void>): Promise<void> {
  const file = options.stackFile ?? stackFile(options.stack);
  const settings = loadSettings(file);
  line(bold(`Entrada sandbox, stack ${options.stack}`));
  line(
    dim(
      "From nothing this takes 15 to 20 minutes on 2 cores: the toolchain is built once. After that, about a minute.",
    ),
  );
  const session = await openSandbox({
    stack: options.stack,
    stackFile: file,
    settings,
    providers: options.providers,
  });
  try {
    for (const text of describeRecovery(session)) line(`    ${text}`);
    await run(session);
  } finally {
    session.close();
  }
}

function showResult(
  { settings }: OpenSandbox,
  { changed, resources }: Awaited<ReturnType<typeof applyStack>>,
  started: number,
): void {
  line();
  line(renderAccess(accessMatrix(settings, contracts)));
  line();
  for (const { contract, tool } of declaredTools(settings, contracts)) {
    line(`${contract.displayName}: ${toolUrl(tool)}`);
  }
  line();
  const what = `${resources} resources`;
  line(green(changed ? `${what} up in ${seconds(started)}.` : `Nothing changed: ${what} (${seconds(started)}).`));
  const runnable = declaredTools(settings, contracts)
    .filter(({ tool }) => knownImage((tool as { image?: string }).image ?? "") !== undefined)
    .map(({ id }) => id);
  const signIn = signInCommand(settings);
  if (signIn !== undefined) line(`Next: sign in as somebody, for example  ${bold(signIn)}`);
  if (runnable.length > 0) {
    line(`Or open the real tools in a browser:       ${bold(`npx entrada sandbox run ${runnable.join(" ")}`)}`);
  }
  line(
    dim(
      `Then edit a team in stacks/Pulumi.${settings.environment}.yaml and run this again; \`npx entrada sandbox down\` stops everything.`,
    ),
  );
}

/**
 * A sign-in to try next: the first tool in which somebody has a role, as that person.
 * @returns undefined where the settings say of nobody that they have a role, as where Entra alone knows the members
 */
export function signInCommand(settings: Settings): string | undefined {
  const { people } = accessMatrix(settings, contracts);
  const stack = settings.environment === "sandbox" ? "" : ` --stack ${settings.environment}`;
  for (const { id } of declaredTools(settings, contracts)) {
    const somebody = people.find(({ enabled, access }) => enabled && access.some(({ tool }) => tool === id));
    if (somebody !== undefined) return `npx entrada sign-in ${id} --as ${somebody.id}${stack}`;
  }
  return undefined;
}
