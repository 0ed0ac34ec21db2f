import { checkDemands, type Demand, isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";

const isFalse = (value: unknown) => value === false;

const demands: readonly Demand[] = [
  {
    at: "allowSharedKeyAccess",
    holds: isFalse,
    wanted: "false",
    missing: "not set (keys are taken)",
    fix: "Set `allowSharedKeyAccess: false`; identities get a role such as Storage Blob Data Contributor.",
  },
  {
    at: "allowBlobPublicAccess",
    holds: isFalse,
    wanted: "false",
    missing: "not set (a container may be opened to everybody)",
    fix: "Set `allowBlobPublicAccess: false`.",
  },
  {
    at: "minimumTlsVersion",
    holds: isWord("TLS1_2", "TLS1_3"),
    wanted: '"TLS1_2"',
    missing: "not set (TLS 1.0)",
    fix: 'Set `minimumTlsVersion: "TLS1_2"`.',
  },
  {
    at: "enableHttpsTrafficOnly",
    holds: (value) => value !== false,
    wanted: "true",
    fix: "Leave `enableHttpsTrafficOnly` out, or set it to true.",
  },
];

/** Whether an account refuses addresses that it does not name; undefined while the preview does not know. */
function isClosed(props: unknown): boolean | undefined {
  const access = known(props, "publicNetworkAccess");
  const action = known(props, "networkRuleSet.defaultAction");
  if (access.kind === "value" && isWord("Disabled", "SecuredByPerimeter")(access.value)) return true;
  if (action.kind === "value" && isWord("Deny")(action.value)) return true;
  return access.kind === "unknown" || action.kind === "unknown" ? undefined : false;
}

/** A storage account, such as the one that holds the stack's state, is opened by identities only. */
export const storageClosed = resourceRule<{ allowOpenNetwork: boolean }>(
  {
    name: "storage-closed",
    title: "Storage accounts are closed",
    what: "A storage account takes no shared keys, no anonymous readers and no old TLS, and refuses addresses that it does not name.",
    why: "The state of a stack lies in such an account, with the id of everything and, encrypted, its secrets. A key of the account is every right on all of it, for everybody who may read its settings, and shows no name in any log.",
    fix: "Set the account's switches, and networkRuleSet.defaultAction to Deny with the addresses that need it.",
    severity: "high",
    url: "https://learn.microsoft.com/azure/storage/blobs/security-recommendations",
    mappings: [
      { framework: "cis-azure", id: "9.3.1.3" },
      { framework: "cis-azure", id: "9.3.2.2" },
      { framework: "cis-azure", id: "9.3.2.3" },
      { framework: "cis-azure", id: "9.3.4" },
      { framework: "cis-azure", id: "9.3.6" },
      { framework: "cis-azure", id: "9.3.8" },
      { framework: "mcsb", id: "DP-3" },
      { framework: "mcsb", id: "IM-1" },
      { framework: "mcsb", id: "NS-2" },
      { framework: "soc2", id: "CC6.6" },
      { framework: "iso27001", id: "8.2" },
    ],
  },
  {
    types: ["azure-native:storage:StorageAccount"],
    config: {
      allowOpenNetwork: {
        type: "boolean",
        default: false,
        description:
          "Accept an account that answers every address with Entra's sign-in alone, where deployments come from machines without fixed addresses.",
      },
    },
    check({ props }, report, { allowOpenNetwork }) {
      checkDemands(props, demands, report);
      if (allowOpenNetwork || isClosed(props) !== false) return;
      report({ at: "networkRuleSet.defaultAction", found: "open to every address", wanted: '"Deny"' });
    },
  },
);
