import { leadsTo } from "../core/links.ts";
import { type Finding, type StackSubject, stackRule } from "../core/rule.ts";
import { elements, known, text, value } from "../core/values.ts";
import { liesWithin } from "../readers/address-ranges.ts";

const workspaceType = "azure-native:databricks:Workspace";
const diagnostics = ["azure-native:monitor:DiagnosticSetting", "azure-native:insights:DiagnosticSetting"];
const conf = "databricks:index/workspaceConf:WorkspaceConf";
const addressList = "databricks:index/ipAccessList:IpAccessList";

interface Config {
  readonly deployerAddresses: readonly string[];
  readonly requireAddressList: boolean;
}

function networkProblems({ props }: StackSubject): readonly Finding[] {
  const problems: Finding[] = [];
  const sku = known(props, "sku.name");
  if (sku.kind === "value" ? sku.value !== "premium" : sku.kind === "absent") {
    const found = sku.kind === "value" ? JSON.stringify(sku.value) : "not set";
    problems.push({
      at: "sku.name",
      found,
      wanted: '"premium", without which there are no address lists and no audit logs',
    });
  }
  const parameters = known(props, "parameters");
  if (parameters.kind === "unknown" || value(props, "computeMode") === "Serverless") return problems;
  const closed = known(props, "parameters.enableNoPublicIp.value");
  if (closed.kind === "absent" || (closed.kind === "value" && closed.value !== true)) {
    const found = closed.kind === "absent" ? "not set" : String(closed.value);
    problems.push({ at: "parameters.enableNoPublicIp.value", found, wanted: "true" });
  }
  if (known(props, "parameters.customVirtualNetworkId.value").kind === "absent") {
    const wanted = "a virtual network of the company";
    problems.push({
      at: "parameters.customVirtualNetworkId.value",
      found: "not set (a network of Databricks' own)",
      wanted,
    });
  }
  return problems;
}

/** Whether a setting sends a workspace's logs somewhere. */
function logs(setting: StackSubject, workspace: StackSubject): boolean {
  if (!leadsTo(setting, "resourceUri", workspace, ["id"])) return false;
  const kept = known(setting.props, "logs");
  return (
    kept.kind === "unknown" ||
    elements(setting.props, "logs").some(({ item }) => item.kind !== "value" || value(item.value, "enabled") === true)
  );
}

/** Whether every address of the deployer is in one of the lists. A list with something unknown may hold it. */
function lockedOut(lists: readonly StackSubject[], addresses: readonly string[]): string | undefined {
  const allowed = lists
    .filter(({ props }) => text(props, "listType") === "ALLOW" && value(props, "enabled") !== false)
    .flatMap(({ props }) => elements(props, "ipAddresses").map(({ item }) => item));
  // A list that is unknown as a whole.
  if (lists.some(({ props }) => known(props, "ipAddresses").kind === "unknown")) return undefined;
  const ranges = allowed.flatMap((item) => (item.kind === "value" ? [String(item.value)] : []));
  return addresses.find((address) => !ranges.some((range) => liesWithin(address, range)));
}

function checkAddresses(
  resources: readonly StackSubject[],
  workspaces: readonly StackSubject[],
  { deployerAddresses, requireAddressList }: Config,
  report: (subject: StackSubject, finding: Finding) => void,
): void {
  const lists = resources.filter(({ type }) => type === addressList);
  const confs = resources.filter(({ type }) => type === conf);
  const at = "customConfig.enableIpAccessLists";
  const closing = confs.filter(({ props }) => text(props, at) === "true");
  for (const one of closing) {
    const missing = lockedOut(lists, deployerAddresses);
    if (lists.length === 0)
      report(one, { at, found: "true, with no list", wanted: "an IpAccessList with the deployer's addresses" });
    else if (missing !== undefined) {
      report(one, {
        at,
        found: `true, with lists that lack the deployer's ${missing}`,
        wanted: "lists that let the next deployment in",
      });
    }
  }
  const late = confs.some(({ props }) => known(props, at).kind === "unknown");
  if (!requireAddressList || closing.length > 0 || late) return;
  for (const workspace of workspaces.filter(({ props }) => value(props, "publicNetworkAccess") !== "Disabled")) {
    report(workspace, {
      at: "publicNetworkAccess",
      found: "open to every address",
      wanted: "an IP access list, or Disabled",
    });
  }
}

/** Workspaces of Databricks as the company's network knows them: clusters inside, people from known addresses, logs kept. */
export const databricksClosed = stackRule<Config>(
  {
    name: "databricks-closed",
    title: "Databricks workspaces are closed and keep logs",
    what: "A workspace is premium, its clusters have no public address and run in the company's network, its audit logs are kept, and an IP access list lets the deployer in.",
    why: "A cluster with a public address is a machine on the internet with the warehouses' credentials. Logs that nobody keeps tell nothing afterwards. A list without the deployer's address locks the stack out of its own workspace, and only Microsoft opens it.",
    fix: "Set parameters.enableNoPublicIp and customVirtualNetworkId, add a DiagnosticSetting, and name the deployer's addresses under `tools.databricks.deployerIps`.",
    severity: "high",
    url: "https://learn.microsoft.com/azure/databricks/security/network/",
    mappings: [
      { framework: "cis-azure", id: "2.1.1" },
      { framework: "cis-azure", id: "2.1.7" },
      { framework: "cis-azure", id: "2.1.9" },
      { framework: "mcsb", id: "NS-2" },
      { framework: "mcsb", id: "LT-3" },
    ],
  },
  {
    types: [workspaceType, conf, addressList, ...diagnostics],
    config: {
      deployerAddresses: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Addresses from which the stack is deployed, which no address list may leave out.",
      },
      requireAddressList: {
        type: "boolean",
        default: false,
        description: "Whether a workspace that answers on the internet must have an IP access list.",
      },
    },
    check(resources, report, config) {
      const workspaces = resources.filter(({ type }) => type === workspaceType);
      const settings = resources.filter(({ type }) => diagnostics.includes(type));
      for (const workspace of workspaces) {
        for (const finding of networkProblems(workspace)) report(workspace, finding);
        if (settings.some((setting) => logs(setting, workspace))) continue;
        report(workspace, {
          at: "id",
          found: "in no diagnostic setting with logs",
          wanted: "audit logs that are kept",
        });
      }
      checkAddresses(resources, workspaces, config, report);
    },
  },
);
