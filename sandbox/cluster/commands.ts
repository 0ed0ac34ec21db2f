import { join } from "node:path";
import type { Toolchain } from "../toolchain/index.ts";
import type { Credentials } from "./credentials.ts";

/** Free ports of one start. */
export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
}

export interface Command {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
}

/** Nodes with this label are played by kwok; a node without it is left to somebody else. */
export const KWOK_NODE_LABEL = "entrada.dev/node";

const SERVICE_RANGE = "10.96.0.0/16";

/**
 * etcd on loopback, for holders of a client certificate only. It does not wait for the disk: a killed process loses nothing,
 * a power cut may.
 */
export function etcdCommand(toolchain: Toolchain, folder: string, credentials: Credentials, ports: Ports): Command {
  const peers = `https://127.0.0.1:${ports.etcdPeer}`;
  const clients = `https://127.0.0.1:${ports.etcd}`;
  const { certFile, keyFile } = credentials.etcd;
  return {
    name: "etcd",
    file: toolchain.etcd,
    args: [
      "--name=sandbox",
      `--data-dir=${join(folder, "etcd")}`,
      `--listen-client-urls=${clients}`,
      `--advertise-client-urls=${clients}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=sandbox=${peers}`,
      "--client-cert-auth=true",
      `--trusted-ca-file=${credentials.caFile}`,
      `--cert-file=${certFile}`,
      `--key-file=${keyFile}`,
      "--peer-client-cert-auth=true",
      `--peer-trusted-ca-file=${credentials.caFile}`,
      `--peer-cert-file=${certFile}`,
      `--peer-key-file=${keyFile}`,
      "--unsafe-no-fsync=true",
      "--auto-compaction-mode=periodic",
      "--auto-compaction-retention=1h",
      "--log-level=warn",
    ],
  };
}

/**
 * The API server, with its default admission plugins. Its service-account issuer is a public-looking address, and only the issuer is an
 * audience that it accepts itself: a token for `api://AzureADTokenExchange` opens Entra, not the cluster, as in AKS.
 */
export function apiServerCommand(
  toolchain: Toolchain,
  credentials: Credentials,
  ports: Ports,
  issuer: string,
): Command {
  return {
    name: "kube-apiserver",
    file: toolchain.kubeApiserver,
    args: [
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      // The service `kubernetes` would need an address that is not loopback.
      "--endpoint-reconciler-type=none",
      `--secure-port=${ports.apiServer}`,
      `--tls-cert-file=${credentials.apiServer.certFile}`,
      `--tls-private-key-file=${credentials.apiServer.keyFile}`,
      `--client-ca-file=${credentials.caFile}`,
      "--anonymous-auth=false",
      "--authorization-mode=RBAC",
      "--allow-privileged=true",
      "--profiling=false",
      `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
      `--etcd-cafile=${credentials.caFile}`,
      `--etcd-certfile=${credentials.etcdClient.certFile}`,
      `--etcd-keyfile=${credentials.etcdClient.keyFile}`,
      `--kubelet-certificate-authority=${credentials.caFile}`,
      `--kubelet-client-certificate=${credentials.kubeletClient.certFile}`,
      `--kubelet-client-key=${credentials.kubeletClient.keyFile}`,
      // The runner's node gives an address, and no name that a name server knows.
      "--kubelet-preferred-address-types=InternalIP",
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      `--service-account-issuer=${issuer}`,
      `--service-account-jwks-uri=${issuer.replace(/\/$/, "")}/openid/v1/jwks`,
      `--service-account-key-file=${credentials.serviceAccountPublicKey}`,
      `--service-account-signing-key-file=${credentials.serviceAccountKey}`,
      `--api-audiences=${issuer}`,
    ],
  };
}

export function controllerManagerCommand(toolchain: Toolchain, credentials: Credentials): Command {
  const kubeconfig = credentials.kubeconfigs.controllerManager;
  return {
    name: "kube-controller-manager",
    file: toolchain.kubeControllerManager,
    args: [
      `--kubeconfig=${kubeconfig}`,
      "--leader-elect=false",
      "--secure-port=0",
      "--profiling=false",
      // The cluster's roles are made for one account per controller.
      "--use-service-account-credentials=true",
      `--service-account-private-key-file=${credentials.serviceAccountKey}`,
      `--root-ca-file=${credentials.caFile}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      // The defaults spare a shared production API server; here they would only make a roll-out wait.
      "--kube-api-qps=200",
      "--kube-api-burst=400",
    ],
  };
}

export function schedulerCommand(toolchain: Toolchain, credentials: Credentials): Command {
  return {
    name: "kube-scheduler",
    file: toolchain.kubeScheduler,
    args: [
      `--kubeconfig=${credentials.kubeconfigs.scheduler}`,
      "--leader-elect=false",
      "--secure-port=0",
      "--profiling=false",
    ],
  };
}

export function kwokCommand(toolchain: Toolchain, credentials: Credentials): Command {
  return {
    name: "kwok",
    file: toolchain.kwok,
    args: [
      `--kubeconfig=${credentials.kubeconfigs.kwok}`,
      `--manage-nodes-with-label-selector=${KWOK_NODE_LABEL}=kwok`,
      ...toolchain.kwokStageFiles.map((file) => `--config=${file}`),
    ],
  };
}
