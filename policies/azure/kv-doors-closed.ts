import { checkDemands, type Demand, isNotTrue, isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";

const sideDoors: readonly Demand[] = [
  "enabledForDeployment",
  "enabledForDiskEncryption",
  "enabledForTemplateDeployment",
].map((key) => ({
  at: `properties.${key}`,
  holds: isNotTrue,
  wanted: "false",
  fix: `Leave \`${key}\` out or set it to false; who needs a secret gets a role on it.`,
}));

/** Whether a vault lets in only whom its network rules name; undefined while the preview does not know. */
function isClosed(props: unknown): boolean | undefined {
  const access = known(props, "properties.publicNetworkAccess");
  const action = known(props, "properties.networkAcls.defaultAction");
  if (access.kind === "value" && isWord("Disabled")(access.value)) return true;
  if (action.kind === "value" && isWord("Deny")(action.value)) return true;
  return access.kind === "unknown" || action.kind === "unknown" ? undefined : false;
}

/** A vault answers the private network and those whom it names, and gives nothing to services that nobody granted a role. */
export const kvDoorsClosed = resourceRule<{ allowOpenNetwork: boolean }>(
  {
    name: "kv-doors-closed",
    title: "Key vaults are closed to the internet and have no side doors",
    what: "A key vault refuses addresses that it does not name, and no virtual machine, template or disk encryption reads it without a role.",
    why: "A vault on the internet is one stolen token away from whoever has it. The three side doors let anybody who may deploy a template or a machine read secrets that no role assignment shows.",
    fix: 'Set `publicNetworkAccess: "disabled"`, or `networkAcls.defaultAction: "Deny"` with the addresses that need it.',
    severity: "high",
    url: "https://learn.microsoft.com/azure/key-vault/general/network-security",
    mappings: [
      { framework: "cis-azure", id: "8.3.7" },
      { framework: "mcsb", id: "NS-2" },
      { framework: "mcsb", id: "DP-8" },
    ],
  },
  {
    types: ["azure-native:keyvault:Vault"],
    config: {
      allowOpenNetwork: {
        type: "boolean",
        default: false,
        description: "Accept a vault that answers every address, where an environment has no private network.",
      },
    },
    check({ props }, report, { allowOpenNetwork }) {
      if (known(props, "properties").kind === "unknown") return;
      checkDemands(props, sideDoors, report);
      if (allowOpenNetwork || isClosed(props) !== false) return;
      report({
        at: "properties.networkAcls.defaultAction",
        found: "open to every address",
        wanted: '"Deny", or publicNetworkAccess "disabled"',
      });
    },
  },
);
