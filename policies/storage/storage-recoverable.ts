import { checkDemands, type Demand, isTrue } from "../core/demands.ts";
import { type StackSubject, stackRule } from "../core/rule.ts";
import { known, text } from "../core/values.ts";

const account = "azure-native:storage:StorageAccount";
const service = "azure-native:storage:BlobServiceProperties";

const demands: readonly Demand[] = [
  { at: "isVersioningEnabled", holds: isTrue, wanted: "true", missing: "not set (what is overwritten is gone)" },
  { at: "deleteRetentionPolicy.enabled", holds: isTrue, wanted: "true", missing: "not set" },
  { at: "containerDeleteRetentionPolicy.enabled", holds: isTrue, wanted: "true", missing: "not set" },
];

function isOf(properties: StackSubject, owner: StackSubject): boolean {
  if (properties.dependenciesOf("accountName").includes(owner.urn)) return true;
  const written = text(properties.props, "accountName");
  return written !== undefined && [text(owner.props, "accountName"), text(owner.props, "name")].includes(written);
}

/** What lies in a storage account comes back after a mistake. */
export const storageRecoverable = stackRule<{ minDays: number }>(
  {
    name: "storage-recoverable",
    title: "What is in storage accounts can be recovered",
    what: "A storage account of the stack keeps versions of its blobs, and what is deleted, for a while.",
    why: "A state file that is overwritten by mistake is the loss of the knowledge of what belongs to the stack: everything in it has to be imported again by hand.",
    fix: "Add BlobServiceProperties with isVersioningEnabled, deleteRetentionPolicy and containerDeleteRetentionPolicy.",
    severity: "medium",
    url: "https://learn.microsoft.com/azure/storage/blobs/data-protection-overview",
    mappings: [
      { framework: "cis-azure", id: "9.2.1" },
      { framework: "cis-azure", id: "9.2.2" },
      { framework: "cis-azure", id: "9.2.3" },
    ],
  },
  {
    types: [account, service],
    config: {
      minDays: {
        type: "integer",
        minimum: 1,
        maximum: 365,
        default: 7,
        description: "Least number of days that deleted blobs and containers can be restored.",
      },
    },
    check(resources, report, { minDays }) {
      const services = resources.filter(({ type }) => type === service);
      for (const owner of resources.filter(({ type }) => type === account)) {
        if (services.some((one) => isOf(one, owner))) continue;
        report(owner, {
          at: "accountName",
          found: "without BlobServiceProperties",
          wanted: "versions and soft delete",
        });
      }
      for (const one of services) {
        checkDemands(one.props, demands, (finding) => report(one, finding));
        for (const policy of ["deleteRetentionPolicy", "containerDeleteRetentionPolicy"]) {
          const at = `${policy}.days`;
          const days = known(one.props, at);
          if (days.kind !== "value" || Number(days.value) >= minDays) continue;
          report(one, { at, found: String(days.value), wanted: `at least ${minDays}` });
        }
      }
    },
  },
);
