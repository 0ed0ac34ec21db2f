import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { vault } from "../examples/network.ts";
import { messages, type Sample, stackMessages, urnOf } from "../testing/harness.ts";
import { kvDoorsClosed } from "./kv-doors-closed.ts";
import { nsgNoOpenPorts } from "./nsg-no-open-ports.ts";
import { privateEndpointsComplete } from "./private-endpoints-complete.ts";
import { subnetGuarded } from "./subnet-guarded.ts";

describe("nsg-no-open-ports", () => {
  const rule = { access: "Allow", direction: "Inbound", protocol: "Tcp", sourceAddressPrefix: "*" };
  const run = (change: object) =>
    messages(nsgNoOpenPorts, { type: "azure-native:network:SecurityRule", props: { ...rule, ...change } });

  it.each([
    ["https to everybody", { destinationPortRange: "443" }],
    ["ssh to a network", { sourceAddressPrefix: "10.0.0.0/8", destinationPortRange: "22" }],
    ["ssh to a service tag", { sourceAddressPrefix: "AzureLoadBalancer", destinationPortRange: "*" }],
    ["what goes out", { direction: "Outbound", destinationPortRange: "*" }],
    ["what is refused", { access: "Deny", destinationPortRange: "*" }],
    ["pings", { protocol: "Icmp", destinationPortRange: "*" }],
    ["a source that is not known yet", { sourceAddressPrefix: unknownText, destinationPortRange: "22" }],
    ["a port that is not known yet", { destinationPortRange: unknownText }],
    ["a list that is not known yet", { destinationPortRanges: unknownText }],
  ])("accepts %s", (_, change) => {
    expect(run(change)).toEqual([]);
  });

  it.each([
    ["ssh", { destinationPortRange: "22" }, 'port 22 open to "*"'],
    ["every port", { sourceAddressPrefix: "Internet", destinationPortRange: "*" }, 'every port open to "Internet"'],
    ["a range with PostgreSQL's port", { destinationPortRange: "5000-6000" }, "port 5432 open"],
    ["one of several ports", { destinationPortRanges: [unknownText, "443", "6380"] }, "port 6380 open"],
    [
      "half of the internet",
      {
        sourceAddressPrefix: undefined,
        sourceAddressPrefixes: ["10.0.0.0/8", "0.0.0.0/1"],
        destinationPortRange: "22",
      },
      '"0.0.0.0/1"',
    ],
    ["the other internet", { sourceAddressPrefix: "::/0", destinationPortRange: "3389" }, "port 3389"],
  ])("refuses %s", (_, change, wanted) => {
    expect(run(change)).toEqual([expect.stringContaining(wanted)]);
  });

  it("looks into groups", () => {
    const securityRules = [unknownText, { ...rule, destinationPortRange: "22" }];
    expect(
      messages(nsgNoOpenPorts, { type: "azure-native:network:NetworkSecurityGroup", props: { securityRules } }),
    ).toEqual([expect.stringContaining("securityRules[1].destinationPortRange")]);
  });
});

describe("subnet-guarded", () => {
  const good = { networkSecurityGroup: { id: unknownText }, defaultOutboundAccess: false };
  const run = (props: object) => messages(subnetGuarded, { type: "azure-native:network:Subnet", props });

  it("accepts a guarded subnet, Azure's own, and what is not known yet", () => {
    expect(run({ subnetName: "nodes", ...good })).toEqual([]);
    expect(run({ subnetName: "AzureBastionSubnet" })).toEqual([]);
    expect(run({ networkSecurityGroup: unknownText, defaultOutboundAccess: unknownText })).toEqual([]);
  });

  it.each([
    ["no group", { ...good, networkSecurityGroup: undefined }, "networkSecurityGroup is not set"],
    ["Azure's way out", { ...good, defaultOutboundAccess: undefined }, "defaultOutboundAccess is not set"],
    ["a way out on purpose", { ...good, defaultOutboundAccess: true }, "defaultOutboundAccess is true"],
  ])("refuses %s", (_, props, wanted) => {
    expect(run(props)).toEqual([expect.stringContaining(wanted)]);
  });

  it("looks at subnets inside a network", () => {
    const subnets = [unknownText, { name: "nodes", ...good }, { name: "data", defaultOutboundAccess: false }];
    const network = { type: "azure-native:network:VirtualNetwork", props: { subnets } };
    expect(messages(subnetGuarded, network)).toEqual([expect.stringContaining("subnets[2].networkSecurityGroup")]);
  });
});

describe("kv-doors-closed", () => {
  const run = (changes: object, config: object = {}) => messages(kvDoorsClosed, vault({ ...changes }), config);
  const open = { publicNetworkAccess: "enabled" };

  it("accepts a closed vault, named addresses, and what is not known yet", () => {
    expect(run({})).toEqual([]);
    expect(run({ ...open, networkAcls: { defaultAction: "Deny" } })).toEqual([]);
    expect(run({ ...open, networkAcls: unknownText })).toEqual([]);
    expect(run({ publicNetworkAccess: unknownText })).toEqual([]);
    expect(
      messages(kvDoorsClosed, { type: "azure-native:keyvault:Vault", props: { properties: unknownText } }),
    ).toEqual([]);
  });

  it("refuses an open vault, unless the environment has no private network", () => {
    expect(run(open)).toEqual([expect.stringContaining("open to every address")]);
    expect(run({ ...open, networkAcls: { defaultAction: "Allow" } })).toHaveLength(1);
    expect(run({ publicNetworkAccess: undefined })).toHaveLength(1);
    expect(run(open, { allowOpenNetwork: true })).toEqual([]);
  });

  it.each(["enabledForDeployment", "enabledForDiskEncryption", "enabledForTemplateDeployment"])(
    "refuses %s",
    (door) => {
      expect(run({ [door]: true })).toEqual([expect.stringContaining(`properties.${door} is true`)]);
      expect(run({ [door]: unknownText })).toEqual([]);
    },
  );
});

describe("private-endpoints-complete", () => {
  const store: Sample = { ...vault(), props: { ...vault().props, id: "/vaults/kv" } };
  const endpoint = (id: string, group = "vault"): Sample => ({
    type: "azure-native:network:PrivateEndpoint",
    name: "endpoint",
    props: {
      privateEndpointName: "pe",
      privateLinkServiceConnections: [{ privateLinkServiceId: id, groupIds: [group] }],
    },
  });
  const zone = (name: string): Sample => ({
    type: "azure-native:network:PrivateDnsZoneGroup",
    name: "zone",
    props: {
      privateEndpointName: "pe",
      privateDnsZoneConfigs: [{ privateDnsZoneId: `/x/privateDnsZones/${name}` }],
    },
  });
  const run = (...samples: Sample[]) => stackMessages(privateEndpointsComplete, samples);
  const right = zone("privatelink.vaultcore.azure.net");

  it("accepts a service with its endpoint and name, and a stack without endpoints", () => {
    expect(run(store, endpoint("/Vaults/KV"), right)).toEqual([]);
    expect(run(store)).toEqual([]);
  });

  it("goes by where the id comes from while it is not known", () => {
    const late = endpoint(unknownText);
    const linked: Sample = { ...late, refs: { privateLinkServiceConnections: "vault" } };
    const group: Sample = {
      ...right,
      props: { privateEndpointName: unknownText },
      refs: { privateEndpointName: "endpoint" },
    };
    expect(run(vault(), linked, group)).toEqual([]);
    expect(run(vault(), late, group)).toEqual([expect.stringContaining("of no private endpoint")]);
  });

  it("leaves a server inside a subnet alone, and what is open", () => {
    const server = { type: "azure-native:dbforpostgresql:Server", name: "db" };
    const all = (network: object) =>
      run(store, { ...server, props: { id: "/db", network } }, endpoint("/vaults/kv"), right);
    expect(all({ publicNetworkAccess: "Disabled", delegatedSubnetResourceId: unknownText })).toEqual([]);
    expect(all({ publicNetworkAccess: "Enabled" })).toEqual([]);
    expect(all({ publicNetworkAccess: unknownText })).toEqual([]);
    expect(all({ publicNetworkAccess: "Disabled" })).toEqual([
      expect.stringContaining('Server "db": id is of no private endpoint'),
    ]);
  });

  it("refuses an endpoint without a name, and one in another service's zone", () => {
    const point = endpoint("/vaults/kv");
    expect(run(store, point)).toEqual([expect.stringContaining(urnOf(point))]);
    expect(run(store, point, zone("privatelink.blob.core.windows.net"))).toEqual([
      expect.stringContaining('wanted: "privatelink.vaultcore.azure.net"'),
    ]);
  });
});
