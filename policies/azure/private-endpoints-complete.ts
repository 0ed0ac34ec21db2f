import { isWord } from "../core/demands.ts";
import { refersTo } from "../core/links.ts";
import { type Finding, type StackSubject, stackRule } from "../core/rule.ts";
import { elements, known, text, value } from "../core/values.ts";

const endpointType = "azure-native:network:PrivateEndpoint";
const zoneGroupType = "azure-native:network:PrivateDnsZoneGroup";
const server = "azure-native:dbforpostgresql:Server";

/** Services that a private endpoint is made for, and where each says that it has no public address. */
const services: Readonly<Record<string, string>> = {
  "azure-native:keyvault:Vault": "properties.publicNetworkAccess",
  [server]: "network.publicNetworkAccess",
  "azure-native:redisenterprise:RedisEnterprise": "publicNetworkAccess",
  "azure-native:storage:StorageAccount": "publicNetworkAccess",
  "azure-native:containerregistry:Registry": "publicNetworkAccess",
};

/** The zone in which a service's clients look, by the group of its endpoint. */
const zones: Readonly<Record<string, string>> = {
  vault: "privatelink.vaultcore.azure.net",
  blob: "privatelink.blob.core.windows.net",
  dfs: "privatelink.dfs.core.windows.net",
  file: "privatelink.file.core.windows.net",
  postgresqlServer: "privatelink.postgres.database.azure.com",
  redisEnterprise: "privatelink.redis.azure.net",
};

const connections = "privateLinkServiceConnections";

function connects(endpoint: StackSubject, service: StackSubject): boolean {
  const ids = elements(endpoint.props, connections).map(({ item }) =>
    item.kind === "value" ? known(item.value, "privateLinkServiceId") : item,
  );
  return refersTo(endpoint, connections, ids, service);
}

/** Whether a service is reached by a private endpoint or not at all. A server inside a subnet of its own needs none. */
function needsEndpoint({ type, props }: StackSubject): boolean {
  const at = services[type];
  if (at === undefined || !isWord("Disabled")(value(props, at))) return false;
  return type !== server || known(props, "network.delegatedSubnetResourceId").kind === "absent";
}

function belongs(group: StackSubject, endpoint: StackSubject): boolean {
  if (group.dependenciesOf("privateEndpointName").includes(endpoint.urn)) return true;
  const written = text(group.props, "privateEndpointName");
  const names = [text(endpoint.props, "privateEndpointName"), text(endpoint.props, "name"), endpoint.name];
  return written !== undefined && names.includes(written);
}

/** Zones that a group registers a name in, by their names; those whose ids say none are left out. */
function zoneNames(group: StackSubject): readonly string[] {
  return elements(group.props, "privateDnsZoneConfigs").flatMap(({ item }) => {
    const id = item.kind === "value" ? text(item.value, "privateDnsZoneId") : undefined;
    const name = id?.slice(id.lastIndexOf("/") + 1).toLowerCase() ?? "";
    return name.startsWith("privatelink.") ? [name] : [];
  });
}

function wrongZone(endpoint: StackSubject, group: StackSubject): Finding | undefined {
  const [zone] = zoneNames(group);
  for (const { item } of elements(endpoint.props, connections)) {
    for (const { item: id } of item.kind === "value" ? elements(item.value, "groupIds") : []) {
      const wanted = id.kind === "value" ? zones[String(id.value)] : undefined;
      if (wanted === undefined || zone === undefined || zoneNames(group).includes(wanted)) continue;
      return { at: "privateDnsZoneConfigs", found: JSON.stringify(zone), wanted: JSON.stringify(wanted) };
    }
  }
  return undefined;
}

/** In a stack with private endpoints, every closed service has one, and its name leads there. */
export const privateEndpointsComplete = stackRule(
  {
    name: "private-endpoints-complete",
    title: "Private endpoints are complete",
    what: "A stack that makes private endpoints makes one for each of its vaults, databases, caches, storage accounts and registries that have no public address, and each endpoint has its name in the service's private zone.",
    why: "A closed service without its endpoint is reached by nobody. An endpoint without its name is never used: clients resolve the public address, are refused, and the quick remedy is to open the service.",
    fix: "Add a PrivateEndpoint for the service, and a PrivateDnsZoneGroup with the service's privatelink zone for the endpoint.",
    severity: "medium",
    url: "https://learn.microsoft.com/azure/private-link/private-endpoint-dns",
    mappings: [
      { framework: "cis-azure", id: "8.3.8" },
      { framework: "mcsb", id: "NS-2" },
    ],
  },
  {
    types: [...Object.keys(services), endpointType, zoneGroupType],
    check(resources, report) {
      const endpoints = resources.filter(({ type }) => type === endpointType);
      if (endpoints.length === 0) return;
      const groups = resources.filter(({ type }) => type === zoneGroupType);
      for (const service of resources.filter(needsEndpoint)) {
        if (endpoints.some((endpoint) => connects(endpoint, service))) continue;
        report(service, { at: "id", found: "of no private endpoint", wanted: "one, as other services here have" });
      }
      for (const endpoint of endpoints) {
        const own = groups.filter((group) => belongs(group, endpoint));
        if (own.length === 0) {
          const wanted = "a PrivateDnsZoneGroup with the service's zone";
          report(endpoint, { at: "privateEndpointName", found: "in no private zone", wanted });
        }
        for (const group of own) {
          const finding = wrongZone(endpoint, group);
          if (finding) report(group, finding);
        }
      }
    },
  },
);
