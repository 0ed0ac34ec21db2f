import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { loadSettings } from "../cli/project.ts";
import { stackPath } from "../cli/stack-files.ts";
import { environmentOf, type Job } from "./job.ts";
import { outputOf } from "./process.ts";

/** Turns a signed-in `az` into a token for a cluster. Built from its module, whose checksum Go's database knows. */
const KUBELOGIN = "github.com/Azure/kubelogin@v0.2.22";

/**
 * Step: gets kubelogin, which turns the job's own sign-in into a token for the cluster, and writes the kubeconfig of an
 * existing cluster, in the context that the stack's settings name. It holds no credential. Without AKS_NAME the stack makes
 * its cluster itself, and knows the way to it.
 */
export async function accessCluster(job: Job): Promise<void> {
  const environment = environmentOf(job);
  const { AKS_NAME: cluster = "", AKS_RESOURCE_GROUP: group = "", RUNNER_TEMP: temporary = "" } = job.variables;
  if (temporary === "") throw new Error("RUNNER_TEMP is not set; a runner sets it.");
  if (cluster !== "" && group === "") throw new Error("AKS_NAME needs AKS_RESOURCE_GROUP beside it.");
  const tools = join(temporary, "kubelogin");
  await outputOf(job.run, "go", ["install", KUBELOGIN], { env: { GOBIN: tools, GOFLAGS: "" } });
  if (job.variables.GITHUB_PATH) appendFileSync(job.variables.GITHUB_PATH, `${tools}\n`);
  if (cluster === "") {
    job.log("AKS_NAME is not set: no kubeconfig is written.");
    return;
  }
  const settings = loadSettings(stackPath(job.root, environment));
  const context = settings.cluster.context ?? cluster;
  const names = ["--resource-group", group, "--name", cluster, "--context", context];
  await outputOf(job.run, "az", ["aks", "get-credentials", ...names, "--overwrite-existing"], { show: true });
  await outputOf(job.run, join(tools, "kubelogin"), ["convert-kubeconfig", "--login", "azurecli"], { show: true });
}
