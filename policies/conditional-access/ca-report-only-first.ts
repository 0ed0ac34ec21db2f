import { stackRule } from "../core/rule.ts";
import { text } from "../core/values.ts";
import { applicationSides } from "./applications.ts";
import { grantOf } from "./grants.ts";
import { type Enforcement, enforcement, items } from "./policy.ts";
import { applicationType, policyType, principalType } from "./types.ts";

interface Config {
  readonly known: boolean;
  readonly policies: Readonly<Record<string, Enforcement>>;
  readonly usedApplications: readonly string[];
  readonly newApplications: readonly string[];
}

/** What is deployed is tried on real sign-ins before it can shut anybody out. */
export const caReportOnlyFirst = stackRule<Config>(
  {
    name: "ca-report-only-first",
    title: "Policies are tried in report-only first",
    what: "A policy that blocks or demands something is enabled only after it was deployed in report-only, unless every application that it is about is new.",
    why: "What a policy does to the people who work today only their sign-ins tell: an old client, a shared account, an address in the wrong country. In report-only the log says who would have been stopped, and nobody is.",
    fix: "Write `state: report-only`, deploy, read the sign-in log, and change the line to `enforced` then.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-report-only",
  },
  {
    types: [policyType, applicationType, principalType],
    needs: policyType,
    config: {
      known: {
        type: "boolean",
        default: false,
        description: "Whether the settings below say what is deployed; else the rule has nothing to compare with.",
      },
      policies: {
        type: "object",
        additionalProperties: { type: "string", enum: ["off", "report-only", "enforced"] },
        default: {},
        description: "Resource name of a policy → its deployed state.",
      },
      usedApplications: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Client ids of the deployed tools.",
      },
      newApplications: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description: "Client ids of Microsoft's own applications that nobody uses yet, as the tool is not deployed.",
      },
    },
    check(resources, report, { known, policies, usedApplications, newApplications }) {
      if (!known) return;
      const isUsed = (id: string | undefined) => id !== undefined && usedApplications.includes(id);
      for (const policy of resources.filter(({ type }) => type === policyType)) {
        const before = policies[policy.name] ?? "off";
        if (enforcement(policy.props) !== "enforced" || before !== "off") continue;
        if (grantOf(policy.props).controls === 0) continue;
        const { included } = applicationSides(policy, resources);
        const actions = items(policy.props, "conditions.applications.includedUserActions").values;
        const used =
          included.resources.find(({ props }) => isUsed(text(props, "clientId")))?.name ??
          [...included.strangers, ...actions].find((id) => id !== "None" && !newApplications.includes(id));
        if (used === undefined) continue;
        report(policy, {
          at: "state",
          found: `"enabled" at once, for ${JSON.stringify(used)}, which people use`,
          wanted: '"enabledForReportingButNotEnforced" first',
        });
      }
    },
  },
);
