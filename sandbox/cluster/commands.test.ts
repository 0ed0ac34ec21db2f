import { expect, test } from "vitest";
import type { Toolchain } from "../toolchain/index.ts";
import { apiServerCommand, controllerManagerCommand, etcdCommand, kwokCommand, schedulerCommand } from "./commands.ts";
import type { Credentials } from "./credentials.ts";

const toolchain: Toolchain = {
  pulumi: "/bin/pulumi",
  etcd: "/bin/etcd",
  kubeApiserver: "/bin/kube-apiserver",
  kubeControllerManager: "/bin/kube-controller-manager",
  kubeScheduler: "/bin/kube-scheduler",
  kwok: "/bin/kwok",
  crdFiles: [],
  kwokStageFiles: ["/stages/pod-ready.yaml", "/stages/pod-delete.yaml"],
};
const certificate = (name: string) => ({ certFile: `/keys/${name}.crt`, keyFile: `/keys/${name}.key` });
const credentials: Credentials = {
  caFile: "/keys/ca.crt",
  etcd: certificate("etcd"),
  etcdClient: certificate("etcd-client"),
  apiServer: certificate("apiserver"),
  kubeletClient: certificate("kubelet-client"),
  serviceAccountKey: "/keys/sa.key",
  serviceAccountPublicKey: "/keys/sa.pub",
  kubeconfigs: { admin: "/keys/a", controllerManager: "/keys/c", scheduler: "/keys/s", kwok: "/keys/k" },
};
const ports = { etcd: 1001, etcdPeer: 1002, apiServer: 1003 };
const issuer = "https://oidc.contoso.example/cluster-1";

const apiServer = apiServerCommand(toolchain, credentials, ports, issuer);
const etcd = etcdCommand(toolchain, "/cluster", credentials, ports);
const commands = [
  apiServer,
  etcd,
  controllerManagerCommand(toolchain, credentials),
  schedulerCommand(toolchain, credentials),
  kwokCommand(toolchain, credentials),
];

test("nothing listens beyond loopback", () => {
  expect(etcd.args.filter((arg) => /^--(listen|advertise|initial-advertise)/.test(arg))).toEqual([
    "--listen-client-urls=https://127.0.0.1:1001",
    "--advertise-client-urls=https://127.0.0.1:1001",
    "--listen-peer-urls=https://127.0.0.1:1002",
    "--initial-advertise-peer-urls=https://127.0.0.1:1002",
  ]);
  expect(apiServer.args).toContain("--bind-address=127.0.0.1");
  expect(commands.flatMap(({ args }) => args).filter((arg) => arg === "--secure-port=0")).toHaveLength(2);
});

test("etcd answers holders of a client certificate only", () => {
  expect(etcd.args).toContain("--client-cert-auth=true");
  expect(etcd.args).toContain("--peer-client-cert-auth=true");
});

test("an issuer with a slash at its end keeps it, and serves its keys below it", () => {
  const { args } = apiServerCommand(toolchain, credentials, ports, `${issuer}/`);
  expect(args).toContain(`--service-account-issuer=${issuer}/`);
  expect(args).toContain(`--service-account-jwks-uri=${issuer}/openid/v1/jwks`);
});

test("the issuer is the public one, and a token made for Entra does not open the cluster", () => {
  expect(apiServer.args).toContain(`--service-account-issuer=${issuer}`);
  expect(apiServer.args).toContain(`--service-account-jwks-uri=${issuer}/openid/v1/jwks`);
  expect(apiServer.args).toContain(`--api-audiences=${issuer}`);
  expect(apiServer.args).toContain("--authorization-mode=RBAC");
  expect(apiServer.args.filter((arg) => arg.includes("admission"))).toEqual([]);
});

test("kwok gets every stage and only its own nodes", () => {
  expect(kwokCommand(toolchain, credentials).args).toEqual([
    "--kubeconfig=/keys/k",
    "--manage-nodes-with-label-selector=entrada.dev/node=kwok",
    "--config=/stages/pod-ready.yaml",
    "--config=/stages/pod-delete.yaml",
  ]);
});
