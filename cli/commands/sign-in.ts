import { randomUUID } from "node:crypto";
import type { JWTPayload } from "jose";
import { contracts } from "../../components/tools/registry.ts";
import {
  type DeclaredTool,
  declaredTools,
  type PlayedConditions,
  type Settings,
  userPrincipalName,
} from "../../model/index.ts";
import { findAadsts } from "../../sandbox/emulator/entra/index.ts";
import { runningSandbox } from "../../sandbox/supervisor/record.ts";
import { json, line, Refusal } from "../output.ts";
import { checkoutLayout, loadSettings, stackFile } from "../project.ts";
import type { SignInContext, SignInDetours } from "../sign-in/context.ts";
import { deployedStack } from "../sign-in/deployed.ts";
import { clusterPods } from "../sign-in/identity.ts";
import { sandboxFetch } from "../sign-in/network.ts";
import { partnerPerson, playPartner } from "../sign-in/partner-way.ts";
import { PLATFORM_SIGN_INS } from "../sign-in/platform.ts";
import { namingPolicies, SignInRefused } from "../sign-in/refused.ts";
import { type JudgedPolicy, readSignInLog } from "../sign-in/sign-in-log.ts";
import { playWay, waysInto } from "../sign-in/ways.ts";

export interface SignInOptions extends SignInDetours {
  readonly as: string;
  readonly stack: string;
  readonly json?: boolean;
  /** The conditions that are played. */
  readonly played?: PlayedConditions;
}

/** What `sign-in --json` prints; scripts rely on the keys. */
type SignInResult =
  | { ok: true; claims: JWTPayload; roles: string[]; toolRoles: string[]; policies: readonly JudgedPolicy[] }
  | { ok: false; error: { code: string; message: string; fix: string }; policies: readonly JudgedPolicy[] };

/** Plays a person's sign-in to a tool, as the deployed tool would do it, and prints what came of it. */
export async function signIn(toolId: string, options: SignInOptions): Promise<void> {
  const settings = loadSettings(stackFile(options.stack));
  const declared = findTool(settings, toolId, options.stack);
  if (options.played !== undefined && partnerPerson(settings, options.as) !== undefined)
    throw new Refusal(
      "--from is about Entra's Conditional Access: a partner's people sign in at the partner's provider.",
    );
  const layout = checkoutLayout();
  const sandbox = runningSandbox(layout);
  if (!sandbox) throw new Refusal("The sandbox is not running. Start it with `npm run sandbox`.");
  const stack = deployedStack(layout, options.stack);
  const deployed = stack.tools[toolId];
  if (!deployed)
    throw new Refusal(
      `${declared.contract.displayName} is not deployed in stack ${options.stack}. Run \`npm run sandbox\`.`,
    );
  const fetch = sandboxFetch(sandbox);
  const pods = clusterPods(sandbox.kubeconfig);
  const tried = { correlationId: randomUUID(), ...(options.played === undefined ? {} : { played: options.played }) };
  const result = await attempt({ settings, layout, stack, declared, deployed, fetch, pods, attempt: tried }, options);
  if (options.json) json(result);
  else describe(declared, options.as, result);
  process.exitCode = result.ok ? 0 : 1;
}

function findTool(settings: Settings, toolId: string, stack: string): DeclaredTool {
  const declared = declaredTools(settings, contracts);
  const found = declared.find(({ id }) => id === toolId);
  if (found) return found;
  throw new Refusal(
    contracts.some(({ id, named }) => id === toolId && named === undefined)
      ? `The settings of stack ${stack} have no ${toolId}.`
      : `There is no tool "${toolId}". The tools are ${declared.map(({ id }) => id).join(", ")}.`,
  );
}

async function attempt(context: SignInContext, options: SignInOptions): Promise<SignInResult> {
  const { contract, tool } = context.declared;
  const logged = async (errorCode: number) => {
    const id = context.attempt?.correlationId;
    // A partner's people never come to Entra.
    if (id === undefined || partnerPerson(context.settings, options.as) !== undefined)
      return { policies: [], failed: [] };
    return readSignInLog(context, id, errorCode);
  };
  try {
    const { claims, roles } = await play(context, options);
    const offered = contract.roles(tool).filter(({ value }) => roles.includes(value));
    const toolRoles = [...new Set(offered.flatMap((role) => role.toolRoles))];
    return { ok: true, claims, roles, toolRoles, policies: (await logged(0)).policies };
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error;
    // What comes after Entra let somebody in (a role, the tool's own no) met the policies of a sign-in that went through.
    const { policies, failed } = await logged(findAadsts(error.code) ?? 0);
    const { code, message, fix } = namingPolicies(error, failed);
    return { ok: false, error: { code, message, fix }, policies };
  }
}

async function play(context: SignInContext, options: SignInOptions): Promise<{ claims: JWTPayload; roles: string[] }> {
  const { settings, declared } = context;
  const partner = partnerPerson(settings, options.as);
  if (partner !== undefined) return playPartner(context, partner, options);
  const known = options.as in settings.people || !options.as.includes("@");
  const person = known ? userPrincipalName(settings, options.as) : options.as;
  if (declared.contract.callbacks(declared.tool).length > 0) return playEveryWay(context, person, options);
  const platform = PLATFORM_SIGN_INS[declared.contract.id];
  if (platform === undefined)
    throw new Refusal(
      `${declared.contract.displayName} has Entra built in, and the sandbox does not play its sign-in.`,
    );
  return platform(context, person);
}

/** Every way has to open, with the same roles: they share one registration. The claims are the last one's. */
async function playEveryWay(
  context: SignInContext,
  person: string,
  options: SignInOptions,
): Promise<{ claims: JWTPayload; roles: string[] }> {
  let last: { claims: JWTPayload; roles: string[] } = { claims: {}, roles: [] };
  for (const [index, way] of waysInto(context, options).entries()) {
    const claims = await playWay(context, way, person);
    const roles = Array.isArray(claims.roles) ? claims.roles.map(String) : [];
    if (index > 0 && roles.join() !== last.roles.join())
      throw new SignInRefused(
        "different-roles",
        `${way.redirectUri} gives the roles ${roles.join(", ")}; the way before gave ${last.roles.join(", ")}.`,
        "Let all ways into a tool share one registration.",
      );
    last = { claims, roles };
  }
  return last;
}

function describe({ contract: { displayName } }: DeclaredTool, person: string, result: SignInResult): void {
  if (result.ok) {
    line(`${result.claims.name ?? person} is signed in to ${displayName}.`);
    line(`  roles in the token: ${result.roles.join(", ")}`);
    line(`  rights in the tool: ${result.toolRoles.join(", ")}`);
  } else {
    line(`${person} cannot sign in to ${displayName}.`);
    line(`  ${result.error.message}`);
    line(`  Fix: ${result.error.fix}`);
  }
  for (const { displayName: name, state } of result.policies.filter(({ applies }) => applies))
    line(`  policy${state === "enabled" ? "" : " (report-only)"}: ${name}`);
}
