import { aksExamples } from "./aks.ts";
import { conditionalAccessExamples } from "./conditional-access.ts";
import { dataExamples } from "./data.ts";
import { databricksExamples } from "./databricks.ts";
import { entraExamples } from "./entra.ts";
import type { Example } from "./example.ts";
import { governanceExamples } from "./governance.ts";
import { kubernetesExamples } from "./kubernetes.ts";
import { networkExamples } from "./network.ts";
import { teamExamples } from "./teams.ts";
import { toolExamples } from "./tools.ts";

export { type Example, withRefs } from "./example.ts";

/**
 * For each rule, resources that break it and no other rule, under a configuration that allows `contoso.com` and
 * `contoso.azurecr.io`, knows the tool Superset and has Conditional Access in report-only. They show what a rule stops, and prove in the sandbox that it does.
 */
export const failingExamples: Readonly<Record<string, readonly Example[]>> = {
  ...entraExamples,
  ...teamExamples,
  ...conditionalAccessExamples,
  ...toolExamples,
  ...databricksExamples,
  ...networkExamples,
  ...aksExamples,
  ...dataExamples,
  ...governanceExamples,
  ...kubernetesExamples,
};
