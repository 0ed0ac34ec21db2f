import type { JWTPayload } from "jose";
import { contracts } from "../../components/tools/registry.ts";
import { redirectUris, type ToolContract, userPrincipalName } from "../../model/index.ts";
import { serviceAccountToken } from "../../sandbox/cluster/index.ts";
import { runningSandbox, type SupervisorRecord } from "../../sandbox/supervisor/record.ts";
import { json, line, Refusal } from "../output.ts";
import { checkoutLayout, loadSettings, stackFile } from "../project.ts";
import { type DeployedTool, deployedTools } from "../sign-in/deployed.ts";
import { SignInRefused, type SignInRequest, signInFlow } from "../sign-in/flow.ts";
import { sandboxFetch } from "../sign-in/network.ts";

export interface SignInOptions {
  readonly as: string;
  readonly stack: string;
  readonly redirectUri?: string;
  readonly serviceAccount?: string;
  readonly json?: boolean;
}

/** What `sign-in --json` prints; scripts rely on the keys. */
type SignInResult =
  | { ok: true; claims: JWTPayload; roles: string[]; toolRoles: string[]; policies: [] }
  | { ok: false; error: { code: string; message: string; fix: string } };

/** Audience of a token that Entra accepts as a federated credential (public cloud). */
const tokenExchange = "api://AzureADTokenExchange";

/** Plays a person's sign-in to a tool, as the deployed tool would do it, and prints what came of it. */
export async function signIn(toolId: string, options: SignInOptions): Promise<void> {
  const contract = contracts.find(({ id }) => id === toolId);
  if (!contract)
    throw new Refusal(`There is no tool "${toolId}". The tools are ${contracts.map(({ id }) => id).join(", ")}.`);
  const layout = checkoutLayout();
  const sandbox = runningSandbox(layout);
  if (!sandbox) throw new Refusal("The sandbox is not running. Start it with `npm run sandbox`.");
  const tool = deployedTools(layout, options.stack)[toolId];
  if (!tool)
    throw new Refusal(`${contract.displayName} is not deployed in stack ${options.stack}. Run \`npm run sandbox\`.`);
  const result = await attempt(contract, tool, sandbox, options);
  if (options.json) json(result);
  else describe(contract, options.as, result);
  process.exitCode = result.ok ? 0 : 1;
}

async function attempt(
  contract: ToolContract,
  tool: DeployedTool,
  sandbox: SupervisorRecord,
  options: SignInOptions,
): Promise<SignInResult> {
  const settings = loadSettings(stackFile(options.stack));
  const toolSettings = settings.tools[contract.id];
  if (!toolSettings) throw new Refusal(`The settings of stack ${options.stack} have no ${contract.id}.`);
  const [namespace = "", account = ""] = (options.serviceAccount ?? `${tool.namespace}/${tool.serviceAccount}`).split(
    "/",
  );
  const { web, spa } = redirectUris(contract, toolSettings);
  const request: SignInRequest = {
    tenantId: tool.tenantId,
    clientId: tool.clientId,
    redirectUri: options.redirectUri ?? [...web, ...spa][0] ?? "",
    scope: "openid profile email",
    person:
      options.as in settings.people || !options.as.includes("@") ? userPrincipalName(settings, options.as) : options.as,
    assertion: () => serviceAccountToken(sandbox.kubeconfig, namespace, account, tokenExchange, 600),
  };
  try {
    const claims = await signInFlow(sandboxFetch(sandbox), request);
    const roles = Array.isArray(claims.roles) ? claims.roles.map(String) : [];
    const offered = contract.roles(toolSettings).filter(({ value }) => roles.includes(value));
    return {
      ok: true,
      claims,
      roles,
      toolRoles: [...new Set(offered.flatMap(({ toolRoles }) => toolRoles))],
      policies: [],
    };
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error;
    return { ok: false, error: { code: error.code, message: error.message, fix: error.fix(request) } };
  }
}

function describe({ displayName }: ToolContract, person: string, result: SignInResult): void {
  if (result.ok) {
    line(`${result.claims.name ?? person} is signed in to ${displayName}.`);
    line(`  roles in the token: ${result.roles.join(", ")}`);
    line(`  rights in the tool: ${result.toolRoles.join(", ")}`);
  } else {
    line(`${person} cannot sign in to ${displayName}.`);
    line(`  ${result.error.message}`);
    line(`  Fix: ${result.error.fix}`);
  }
}
