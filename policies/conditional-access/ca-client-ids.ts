import { type StackSubject, stackRule } from "../core/rule.ts";
import { text } from "../core/values.ts";
import { applicationSides, principalsOf } from "./applications.ts";
import { isOn } from "./policy.ts";
import { applicationType, conceptsUrl, policyType, principalType } from "./types.ts";

/** The resource whose object id this is, or that the unknown value of a policy comes from. */
function ownerOf(id: string, resources: readonly StackSubject[]): StackSubject | undefined {
  return resources.find(({ props }) => text(props, "objectId")?.toLowerCase() === id.toLowerCase());
}

/** An application has two ids, and a policy takes either without a word. */
export const caClientIds = stackRule(
  {
    name: "ca-client-ids",
    title: "Policies name applications by client id",
    what: "Applications in a policy are client ids, and each application of the stack that is named has its enterprise application.",
    why: "A policy with an object id, or with an application that has no enterprise application, is about nothing that anybody signs in to: the tool stands there without the protection that the policy seems to give.",
    fix: "Use the application's clientId, not its objectId or the enterprise application's.",
    severity: "high",
    url: conceptsUrl,
    mappings: [{ framework: "maester", id: "MT.1038" }],
  },
  {
    types: [policyType, applicationType, principalType],
    needs: policyType,
    check(resources, report) {
      for (const policy of resources.filter(({ type, props }) => type === policyType && isOn(props))) {
        const { included, excluded } = applicationSides(policy, resources);
        for (const { at, resources: applications, strangers } of [included, excluded]) {
          for (const id of strangers) {
            const owner = ownerOf(id, resources);
            if (owner === undefined) continue;
            const found = `${JSON.stringify(id)}, the object id of ${JSON.stringify(owner.name)}`;
            report(policy, { at, found, wanted: "client ids" });
          }
          for (const application of applications) {
            if (principalsOf(application, resources).length > 0) continue;
            const found = `${JSON.stringify(application.name)}, which has no enterprise application`;
            const fix = "Add a ServicePrincipal with the application's clientId.";
            report(policy, { at, found, wanted: "applications that people can sign in to", fix });
          }
        }
      }
    },
  },
);
