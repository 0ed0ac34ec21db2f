import { z } from "zod";
import type { ToolContract, ToolSettings } from "../tool-contract.ts";
import { cluster } from "./cluster.ts";
import { conditionalAccess } from "./conditional-access.ts";
import { described } from "./described.ts";
import { displayText, guid, hostName, kubernetesName } from "./names.ts";
import { partners } from "./partners.ts";
import { people } from "./people.ts";
import { platform } from "./platform/index.ts";
import { proxy } from "./proxy.ts";
import { secrets } from "./secrets.ts";
import { sessions } from "./sessions.ts";
import { teams } from "./teams.ts";
import { DOMAIN_PLACEHOLDER, NAME_PLACEHOLDER } from "./tool.ts";
import { DEFAULT_VAULT_NAME, keyVault, vaultName } from "./vault.ts";

const common = {
  environment: described(z.string().regex(/^(?!.*--)[a-z][a-z0-9-]{0,14}[a-z0-9]$/), {
    description: "Which environment this is. `sandbox` runs on one machine; `prod` demands images pinned by digest.",
    allowed: "sandbox, dev, staging, prod, or 2 to 16 lower-case letters, digits and single hyphens, a letter first",
    example: "prod",
  }),
  organization: displayText("The company's name, shown on app registrations.", "Contoso"),
  domain: hostName("Domain of the tools' hosts: superset.<domain>.", "data.contoso.com"),
  userDomain: hostName("Domain of the people's user principal names.", "contoso.com"),
  tenantId: guid("The Entra tenant.", "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10"),
  subscriptionId: guid("The Azure subscription.", "41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17"),
  deployer: guid(
    "Object id of the identity that deploys: the first owner of what it registers. Needed where previews run as another identity. Default: who runs the program.",
    "7a1c2f60-5d4b-4e0a-9b7e-2c8d1f3a6e95",
  ).optional(),
  location: described(z.string().regex(/^[a-z]+[a-z0-9]*$/), {
    description: "Azure region of the vault and the managed identities.",
    allowed: "a region's short name in lower case, such as westeurope",
    example: "westeurope",
  }),
  registry: described(z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$/), {
    description: "The one container registry that images may come from.",
    allowed: "a registry's host, without scheme or path",
    example: "contoso.azurecr.io",
  }),
  teams,
  people,
  cluster,
  platform,
  keyVault,
  secrets,
  sessions,
  proxy,
  partners,
  conditionalAccess,
};

/** Everything that a stack file says under `entrada:`, parsed and with defaults filled in. */
export type Settings = z.infer<z.ZodObject<typeof common, z.core.$strict>> & {
  /** Tool id → its settings. `toolSettings` gives them with the tool's own type. */
  readonly tools: Readonly<Record<string, ToolSettings>>;
};

/** The schema of the settings, with one key under `tools` per contract. */
export function settingsSchema(contracts: readonly ToolContract[]) {
  const tools = Object.fromEntries(
    contracts.map((contract) => [
      contract.id,
      toolSchema(
        contract,
        contracts.map(({ id }) => id),
      ),
    ]),
  );
  return z.strictObject({
    ...common,
    tools: described(z.strictObject(tools).default({}), {
      description: "The data tools of this environment.",
      allowed: `tools by name: ${contracts.map(({ id }) => id).join(", ")}`,
      example: {},
    }),
  });
}

function toolSchema(contract: ToolContract, ids: readonly string[]) {
  const { id, displayName, settings, versions } = contract;
  if (contract.named !== undefined) {
    const name = kubernetesName("Name of the tool: part of its host and of everything that is made for it.", "reports");
    return described(
      z
        .record(
          name.refine((text) => !ids.includes(text), { error: "A tool of Entrada has that name." }),
          settings,
        )
        .optional(),
      {
        description: `${displayName}, each under its own name.`,
        allowed: "tools by name",
        example: {},
      },
    );
  }
  return described(settings.optional(), {
    description: `${displayName}; the environment has it when the key is there.`,
    allowed: `the settings of ${displayName}, by key`,
    example: { version: versions[0], host: `${id}.data.contoso.com` },
  });
}

/** Fills in the defaults that need other keys: the vault's name and the tools' hosts. */
export function completed(
  parsed: z.output<ReturnType<typeof settingsSchema>>,
  contracts: readonly ToolContract[],
): Settings {
  const several = new Set(contracts.filter(({ named }) => named !== undefined).map(({ id }) => id));
  const tools: Record<string, ToolSettings> = {};
  for (const [id, value] of Object.entries(parsed.tools)) {
    if (value === undefined) continue;
    // The schema of such a key is a record of tools by name; zod's type cannot tell the two apart.
    const named = several.has(id)
      ? (value as unknown as Record<string, ToolSettings>)
      : { [id]: value as ToolSettings };
    for (const [name, tool] of Object.entries(named)) tools[name] = placed(tool, name, parsed.domain);
  }
  const { name } = parsed.keyVault;
  const vault =
    name === DEFAULT_VAULT_NAME ? vaultName(parsed.subscriptionId, parsed.environment, parsed.domain) : name;
  return { ...parsed, keyVault: { ...parsed.keyVault, name: vault }, tools };
}

function placed(tool: ToolSettings, name: string, domain: string): ToolSettings {
  const filled = (text: string) => text.replace(NAME_PLACEHOLDER, name).replace(DOMAIN_PLACEHOLDER, domain);
  return { ...tool, host: filled(tool.host), namespace: filled(tool.namespace) };
}

/** One tool's settings with the tool's own type; undefined where the environment does not have it. */
export function toolSettings<S extends ToolSettings>(settings: Settings, contract: ToolContract<S>): S | undefined {
  // The contract's own schema produced this value, so it has the contract's type.
  return settings.tools[contract.id] as S | undefined;
}
