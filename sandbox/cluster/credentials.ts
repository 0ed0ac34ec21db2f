import { generateKeyPairSync } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Authority } from "../network/authority.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

/** Files that the control plane's processes read. Everything that is secret has mode 0600. */
export interface Credentials {
  readonly caFile: string;
  readonly etcd: CertificateFiles;
  readonly etcdClient: CertificateFiles;
  readonly apiServer: CertificateFiles;
  /** By which the API server proves itself to kubelets, whose logs it asks for. */
  readonly kubeletClient: CertificateFiles;
  /** RSA key that signs service-account tokens. It lives as long as the sandbox: tokens and their issuer's JWKS depend on it. */
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
  /** Kubeconfigs of the cluster's own parts, and of the people and programs that use it (`admin`). */
  readonly kubeconfigs: Readonly<Record<"admin" | "controllerManager" | "scheduler" | "kwok", string>>;
}

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Fresh certificates from the sandbox's authority at every start, and the service-account key, which is made once. */
export async function prepareCredentials(folder: string, authority: Authority, server: string): Promise<Credentials> {
  const loopback = { dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"] };
  const certificate = async (name: string, request: Parameters<Authority["issue"]>[0]): Promise<CertificateFiles> => {
    const { certPem, keyPem } = await authority.issue(request);
    const files = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
    writeFileSync(files.certFile, certPem, { mode: 0o644 });
    writeFileSync(files.keyFile, keyPem, { mode: 0o600 });
    return files;
  };
  const kubeconfig = async (file: string, commonName: string, organizations: readonly string[]): Promise<string> => {
    const leaf = await authority.issue({ commonName, organizations, dnsNames: [], ipAddresses: [], client: true });
    const path = join(folder, file);
    writeKubeconfig(path, { server, caPem: authority.caPem, ...leaf });
    return path;
  };
  const [etcd, etcdClient, apiServer, kubeletClient, admin, controllerManager, scheduler, kwok] = await Promise.all([
    // etcd speaks to itself through its gateway with its server certificate, so it needs both usages.
    certificate("etcd", { commonName: "etcd", ...loopback, client: true }),
    certificate("etcd-client", {
      commonName: "kube-apiserver-etcd-client",
      dnsNames: [],
      ipAddresses: [],
      client: true,
    }),
    certificate("apiserver", {
      commonName: "kube-apiserver",
      dnsNames: [
        ...loopback.dnsNames,
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
      ],
      // The first address of the service range belongs to the API server.
      ipAddresses: [...loopback.ipAddresses, "10.96.0.1"],
    }),
    certificate("kubelet-client", {
      commonName: "kube-apiserver-kubelet-client",
      dnsNames: [],
      ipAddresses: [],
      client: true,
    }),
    kubeconfig("kubeconfig", "entrada-sandbox-admin", ["system:masters"]),
    kubeconfig("controller-manager.kubeconfig", "system:kube-controller-manager", []),
    kubeconfig("scheduler.kubeconfig", "system:kube-scheduler", []),
    // kwok plays the kubelets of all its nodes, and no role of the cluster covers that.
    kubeconfig("kwok.kubeconfig", "kwok", ["system:masters"]),
  ]);
  return {
    caFile: authority.caFile,
    etcd,
    etcdClient,
    apiServer,
    kubeletClient,
    ...serviceAccountKeys(folder),
    kubeconfigs: { admin, controllerManager, scheduler, kwok },
  };
}

function serviceAccountKeys(folder: string): Pick<Credentials, "serviceAccountKey" | "serviceAccountPublicKey"> {
  const serviceAccountKey = join(folder, "service-account.key");
  const serviceAccountPublicKey = join(folder, "service-account.pub");
  if (!existsSync(serviceAccountKey) || !existsSync(serviceAccountPublicKey)) {
    // RSA, because Entra accepts federated tokens with RS256 only.
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(serviceAccountPublicKey, publicKey.export({ type: "spki", format: "pem" }), { mode: 0o644 });
    writeFileSync(serviceAccountKey, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  }
  return { serviceAccountKey, serviceAccountPublicKey };
}
