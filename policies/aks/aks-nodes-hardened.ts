import { checkDemands, type Demand, isNotTrue, isTrue, isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";
import { clusterType, poolsOf, poolType } from "./pools.ts";

const demands: readonly Demand[] = [
  {
    at: "enableNodePublicIP",
    holds: isNotTrue,
    wanted: "false",
    fix: "Leave `enableNodePublicIP` out: what people reach goes through the gateway.",
  },
  {
    at: "enableEncryptionAtHost",
    holds: isTrue,
    missing: "not set (caches and temporary disks in clear)",
    wanted: "true",
    fix: "Set `enableEncryptionAtHost: true`; the subscription's feature EncryptionAtHost has to be registered once.",
  },
  {
    at: "securityProfile.sshAccess",
    holds: isWord("Disabled"),
    missing: "not set (a local user with a key)",
    wanted: '"Disabled"',
    fix: 'Set `securityProfile: { sshAccess: "Disabled" }`; `kubectl debug node/…` asks for rights in the cluster instead.',
  },
];

/** Nobody reaches a node past the cluster's API, and nothing on its disks lies in clear. */
export const aksNodesHardened = resourceRule(
  {
    name: "aks-nodes-hardened",
    title: "Nodes are closed and encrypted",
    what: "The nodes of a pool have no public address and no SSH, and encrypt their disks where they run.",
    why: "A node holds the tokens and mounted secrets of every pod on it. SSH and public addresses lead there past Entra and past the audit log.",
    fix: "Set the pool's enableEncryptionAtHost and securityProfile.sshAccess, and no public address.",
    severity: "high",
    url: "https://learn.microsoft.com/azure/aks/enable-host-encryption",
    mappings: [{ framework: "cis-aks", id: "5.4.3" }],
  },
  {
    types: [clusterType, poolType],
    check(subject, report) {
      for (const { path, value } of poolsOf(subject)) checkDemands(value, demands, report, path);
    },
  },
);
