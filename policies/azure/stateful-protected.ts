import { refersTo } from "../core/links.ts";
import { type StackSubject, stackRule } from "../core/rule.ts";
import { known, text } from "../core/values.ts";

const group = "azure-native:resources:ResourceGroup";
const locks = [
  "azure-native:authorization:ManagementLockByScope",
  "azure-native:authorization:ManagementLockAtResourceGroupLevel",
];
/** What holds something that cannot be made again. Azure's can be locked as well. */
const inAzure = [
  "azure-native:keyvault:Vault",
  "azure-native:dbforpostgresql:Server",
  "azure-native:storage:StorageAccount",
];
const application = "azuread:index/application:Application";

/** Whether a resource lies in a resource group of the stack. */
function liesIn(resource: StackSubject, place: StackSubject): boolean {
  if (resource.dependenciesOf("resourceGroupName").includes(place.urn)) return true;
  const written = text(resource.props, "resourceGroupName");
  return written !== undefined && [text(place.props, "resourceGroupName"), text(place.props, "name")].includes(written);
}

/** Whether a lock holds a resource, by its own scope or its resource group's. */
function holds(lock: StackSubject, resource: StackSubject, places: readonly StackSubject[]): boolean {
  const scopes = [resource, ...places.filter((place) => liesIn(resource, place))];
  if (scopes.some((one) => refersTo(lock, "scope", [known(lock.props, "scope")], one))) return true;
  const own = text(lock.props, "resourceGroupName");
  return own !== undefined && own === text(resource.props, "resourceGroupName");
}

interface Config {
  readonly requireProtection: boolean;
}

/** What cannot be made again is not deleted by a slip: neither by this program nor past it. */
export const statefulProtected = stackRule<Config>(
  {
    name: "stateful-protected",
    title: "What cannot be made again is protected",
    what: "In production the vault, database servers, storage accounts and registrations are protected in the stack; where a stack makes deletion locks, each of those in Azure has one.",
    why: "A line that is taken out of a settings file would delete the company's dashboards or change every client id, with which every person becomes a stranger to the tools. Protection stops this program; a lock stops everybody else, and one that is left out is found on the wrong day.",
    fix: "Set `protect: true` on the resource, and an authorization.ManagementLockByScope with the level CanNotDelete on it.",
    severity: "high",
    url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
    mappings: [
      { framework: "cis-azure", id: "6.2" },
      { framework: "cis-azure", id: "9.3.9" },
    ],
  },
  {
    types: [...inAzure, application, group, ...locks],
    config: {
      requireProtection: {
        type: "boolean",
        default: false,
        description: "Whether everything of these kinds must be protected, as in production.",
      },
    },
    check(resources, report, { requireProtection }) {
      const places = resources.filter(({ type }) => type === group);
      const made = resources.filter(({ type }) => locks.includes(type));
      for (const resource of resources.filter(({ type }) => inAzure.includes(type) || type === application)) {
        const isLocked = made.some((lock) => holds(lock, resource, places));
        if (requireProtection && !resource.isProtected) {
          report(resource, { at: "protect (resource option)", found: "false", wanted: "true" });
        }
        if (made.length === 0 || isLocked || resource.type === application) continue;
        const wanted = "a ManagementLockByScope, as others of this stack have";
        report(resource, { at: "id", found: "held by no deletion lock", wanted });
      }
    },
  },
);
