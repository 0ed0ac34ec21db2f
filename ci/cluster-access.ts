import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { loadSettings } from "../cli/project.ts";
import { environmentOf, type Job } from "./job.ts";
import { outputOf } from "./process.ts";

/** Turns a signed-in `az` into a token for a cluster. Built from its module, whose checksum Go's database knows. */
const KUBELOGIN = "github.com/Azure/kubelogin@v0.2.22";

/**
 * Step: writes the kubeconfig of the environment's cluster, in the context that the stack's settings name. The file holds
 * no credential: kubelogin gets a token from the job's own sign-in. Without AKS_NAME nothing is done.
 */
export async function accessCluster(job: Job): Promise<void> {
  const { AKS_NAME: cluster = "", AKS_RESOURCE_GROUP: group = "", RUNNER_TEMP: temporary = "" } = job.variables;
  if (cluster === "") {
    job.log("AKS_NAME is not set: no kubeconfig is written.");
    return;
  }
  if (group === "" || temporary === "")
    throw new Error("AKS_NAME needs AKS_RESOURCE_GROUP beside it, and RUNNER_TEMP.");
  const environment = environmentOf(job);
  const settings = loadSettings(join(job.root, "stacks", `Pulumi.${environment}.yaml`));
  const tools = join(temporary, "kubelogin");
  await outputOf(job.run, "go", ["install", KUBELOGIN], { env: { GOBIN: tools, GOFLAGS: "" } });
  if (job.variables.GITHUB_PATH) appendFileSync(job.variables.GITHUB_PATH, `${tools}\n`);
  const context = settings.cluster.context ?? cluster;
  const names = ["--resource-group", group, "--name", cluster, "--context", context];
  await outputOf(job.run, "az", ["aks", "get-credentials", ...names, "--overwrite-existing"], { show: true });
  await outputOf(job.run, join(tools, "kubelogin"), ["convert-kubeconfig", "--login", "azurecli"], { show: true });
}
