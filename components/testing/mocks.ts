import * as pulumi from "@pulumi/pulumi";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** A resource as the program registered it. Secrets and unknown values are told apart by `isSecretValue` and absence. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** URN of the explicit provider, with its id. */
  readonly provider: string | undefined;
}

/** A question to a provider. */
export interface Asked {
  readonly token: string;
  readonly inputs: Record<string, unknown>;
}

/** What one run of a program registered and asked. */
export interface Run {
  readonly resources: readonly Registered[];
  readonly calls: readonly Asked[];
  /** The one resource of this type and name; throws when there is none. */
  readonly find: (type: string, name: string) => Registered;
  /** Whether the program protects the resource of this type and name against deletion. */
  readonly isProtected: (type: string, name: string) => boolean;
  /** Type → number of resources, components left out. */
  readonly counts: () => Record<string, number>;
}

export interface RunOptions {
  /** Whether ids and computed values are unknown, as in a first preview. @default false */
  readonly preview?: boolean;
}

/** Wire format of a secret value. */
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Whether a registered input is marked secret. */
export function isSecretValue(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && SECRET_SIGNATURE in value;
}

/** Runs a program without an engine and waits until everything that it started is registered. */
export async function runProgram(program: () => unknown, options: RunOptions = {}): Promise<Run> {
  // Pulumi notes for each of its promises where it was made, which nobody reads here; with vitest's source maps that takes half of
  // the time. The frames that are left name whoever throws.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 2;
  try {
    return await runWithMocks(program, options);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

async function runWithMocks(program: () => unknown, options: RunOptions): Promise<Run> {
  const resources: Registered[] = [];
  const calls: Asked[] = [];
  const preview = options.preview ?? false;
  // A call that fails leaves registrations waiting for ever, so it ends the run by itself.
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider }) => {
        resources.push({ type, name, inputs, provider });
        return preview ? { id: undefined, state: previewed(inputs) } : created(type, name, inputs);
      },
      call: ({ token, inputs }) => {
        calls.push({ token, inputs });
        try {
          return answer(token, inputs);
        } catch (error) {
          fail(error);
          throw error;
        }
      },
    },
    "entrada",
    "test",
    preview,
  );
  const protectedNames = recordProtection();
  const finished = Promise.resolve(program()).then(() => pulumi.runtime.disconnect());
  await Promise.race([finished, failed]);
  return {
    resources,
    calls,
    find: (type, name) => {
      const found = resources.filter((resource) => resource.type === type && resource.name === name);
      if (found.length !== 1 || found[0] === undefined) {
        throw new Error(`${found.length} resources ${type} ${name}; registered: ${listOf(resources)}`);
      }
      return found[0];
    },
    isProtected: (type, name) => protectedNames.has(`${type} ${name}`),
    counts: () => {
      const counts: Record<string, number> = {};
      for (const { type } of resources) if (!isComponent(type)) counts[type] = (counts[type] ?? 0) + 1;
      return counts;
    },
  };
}

/** The option `protect` reaches the engine but no mock, so it is taken from the requests. */
function recordProtection(): ReadonlySet<string> {
  const found = new Set<string>();
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    if (request.getProtect()) found.add(`${request.getType()} ${request.getName()}`);
    return register(request, callback);
  };
  return found;
}

/** Waits for an output's value, unknown values as undefined. */
export function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

function isComponent(type: string): boolean {
  return type.startsWith("entrada:") || type.startsWith("pulumi:");
}

function listOf(resources: readonly Registered[]): string {
  return resources.map(({ type, name }) => `${type} ${name}`).join(", ");
}

/** A preview's outputs: the inputs, without those to whose inside the provider adds something later. */
function previewed({ oidcIssuerProfile, ...inputs }: Record<string, unknown>): Record<string, unknown> {
  return oidcIssuerProfile === undefined ? inputs : { ...inputs, oidcIssuerProfile: undefined };
}

/** What a provider would add to the inputs of a created resource; ids are recognisable. */
function created(type: string, name: string, inputs: Record<string, unknown>) {
  const computed: Record<string, unknown> = {
    clientId: `client-of-${name}`,
    objectId: `object-of-${name}`,
    principalId: `principal-of-${name}`,
    name:
      inputs.subnetName ??
      inputs.virtualNetworkName ??
      inputs.vaultName ??
      inputs.privateEndpointName ??
      inputs.privateZoneName ??
      inputs.serverName ??
      inputs.clusterName ??
      inputs.zoneName ??
      inputs.resourceName ??
      inputs.resourceGroupName ??
      name,
    result: `random-of-${name}`,
    value: `password-of-${name}`,
    applicationId: `application-of-${name}`,
    ipAddress: "192.0.2.44",
    workspaceId: "7405610928374650",
    workspaceUrl: "adb-7405610928374650.10.azuredatabricks.net",
    base64: Buffer.from(`bytes-of-${name}`).toString("base64"),
  };
  if (type === "tls:index/privateKey:PrivateKey") Object.assign(computed, keyPair(name));
  if (type === "azure-native:keyvault:Secret") {
    computed.properties = { secretUriWithVersion: `https://kv.vault.azure.net/secrets/${name}/version-of-${name}` };
  }
  if (type === "azure-native:containerservice:ManagedCluster") {
    computed.oidcIssuerProfile = { enabled: true, issuerURL: `https://issuer-of-${name}.contoso.com/` };
  }
  if (type === "azure-native:dns:Zone") computed.nameServers = [`ns1-of-${name}.contoso.com.`];
  return {
    id: `/id/${name}`,
    state: { ...computed, ...inputs, ...answeredAnew(computed) },
  };
}

/** What a provider answers under the name of an input. */
function answeredAnew({ properties, oidcIssuerProfile }: Record<string, unknown>): Record<string, unknown> {
  return {
    ...(properties !== undefined && { properties }),
    ...(oidcIssuerProfile !== undefined && { oidcIssuerProfile }),
  };
}

/** A key pair in PEM's form; its bodies say whose they are. */
function keyPair(name: string): Record<string, string> {
  const pem = (label: string, text: string) =>
    `-----BEGIN ${label}-----\n${Buffer.from(text).toString("base64")}\n-----END ${label}-----\n`;
  return {
    privateKeyPemPkcs8: pem("PRIVATE KEY", `private-key-of-${name}`),
    publicKeyPem: pem("PUBLIC KEY", `public-key-of-${name}`),
  };
}

function answer(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (token) {
    case "azuread:index/getUsers:getUsers": {
      const names = inputs.userPrincipalNames as string[];
      return { users: names.map((name) => ({ userPrincipalName: name, objectId: `person-${name}` })) };
    }
    case "azuread:index/getServicePrincipal:getServicePrincipal":
      return { objectId: `principal-of-${String(inputs.clientId)}` };
    case "azure-native:containerservice:listManagedClusterUserCredentials": {
      const value = Buffer.from(`kubeconfig of ${String(inputs.resourceName)}`).toString("base64");
      return { kubeconfigs: [{ name: "clusterUser", value }] };
    }
    case "azuread:index/getClientConfig:getClientConfig":
      return { objectId: "deployer", clientId: "deployer-client", tenantId: "tenant" };
    case "azuread:index/getGroup:getGroup":
      return { objectId: inputs.objectId };
    case "databricks:index/getAccountIamExternalGroupV2:getAccountIamExternalGroupV2": {
      const objectId = String(inputs.name).split("/").at(-1);
      return { displayName: `Name of ${objectId}`, internalId: `internal-of-${objectId}` };
    }
    case "databricks:index/getGroup:getGroup":
      return { id: `internal-of-${String(inputs.displayName)}` };
    default:
      throw new Error(`unexpected call ${token}`);
  }
}
