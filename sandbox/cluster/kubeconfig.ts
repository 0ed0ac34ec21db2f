import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { z } from "zod";

/** How to reach an API server, and as whom. PEM texts. */
export interface ClusterAccess {
  readonly server: string;
  readonly caPem?: string;
  readonly certPem?: string;
  readonly keyPem?: string;
  readonly token?: string;
  /** The context's namespace. */
  readonly namespace?: string;
}

const NAME = "entrada-sandbox";

/** Writes a kubeconfig with one context, mode 0600, in one step: a reader sees the old one or the new one. */
export function writeKubeconfig(file: string, access: ClusterAccess): void {
  const base64 = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text).toString("base64"));
  const document = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": NAME,
    contexts: [
      {
        name: NAME,
        context: { cluster: NAME, user: NAME, ...(access.namespace ? { namespace: access.namespace } : {}) },
      },
    ],
    clusters: [{ name: NAME, cluster: { server: access.server, "certificate-authority-data": base64(access.caPem) } }],
    users: [
      {
        name: NAME,
        user: {
          "client-certificate-data": base64(access.certPem),
          "client-key-data": base64(access.keyPem),
          token: access.token,
        },
      },
    ],
  };
  const draft = `${file}.next`;
  writeFileSync(draft, stringify(document, { keepUndefined: false }), { mode: 0o600 });
  renameSync(draft, file);
}

const schema = z.object({
  "current-context": z.string().optional(),
  contexts: z.array(
    z.object({
      name: z.string(),
      context: z.object({ cluster: z.string(), user: z.string(), namespace: z.string().optional() }),
    }),
  ),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.url(),
        "certificate-authority": z.string().optional(),
        "certificate-authority-data": z.string().optional(),
      }),
    }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.object({
        "client-certificate": z.string().optional(),
        "client-certificate-data": z.string().optional(),
        "client-key": z.string().optional(),
        "client-key-data": z.string().optional(),
        token: z.string().optional(),
      }),
    }),
  ),
});

/**
 * Reads how to reach the cluster of a context (default: the current one). Certificates and tokens only: login helpers of
 * cloud clusters (`exec`) are not run. Paths in it must be absolute.
 * @throws Error naming the context that is not there.
 */
export function readKubeconfig(text: string, context?: string): ClusterAccess {
  const parsed = schema.safeParse(parse(text));
  if (!parsed.success) throw new Error(`This is not a kubeconfig: ${z.prettifyError(parsed.error)}`);
  const config = parsed.data;
  const name = context ?? config["current-context"];
  const found = config.contexts.find((entry) => entry.name === name)?.context;
  if (!found) {
    const known = config.contexts.map((entry) => entry.name).join(", ") || "none";
    throw new Error(
      `The kubeconfig has no context "${name ?? ""}" (it has: ${known}). Name one of these, or none for the current one.`,
    );
  }
  const cluster = config.clusters.find((entry) => entry.name === found.cluster)?.cluster;
  const user = config.users.find((entry) => entry.name === found.user)?.user;
  if (!cluster)
    throw new Error(`The kubeconfig's context "${name}" names the cluster "${found.cluster}", which is not there.`);
  return {
    server: cluster.server,
    caPem: pem(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    certPem: pem(user?.["client-certificate-data"], user?.["client-certificate"]),
    keyPem: pem(user?.["client-key-data"], user?.["client-key"]),
    token: user?.token,
    namespace: found.namespace,
  };
}

function pem(data: string | undefined, file: string | undefined): string | undefined {
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  return file === undefined ? undefined : readFileSync(file, "utf8");
}
