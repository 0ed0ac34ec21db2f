import { evaluate } from "../../../../model/conditional-access/evaluate.ts";
import { locationsOf, policiesOf } from "../../conditional-access.ts";
import type { GraphRequest, GraphResponse, GraphRoute } from "../request.ts";
import { readPolicies } from "./access.ts";
import { policyJson } from "./policy-json.ts";
import { readSignIn } from "./what-if-schema.ts";

/** What If: which policies would apply to a sign-in (https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate). */
export const evaluateRoutes: readonly GraphRoute[] = [
  { method: "POST", path: "/identity/conditionalAccess/evaluate", access: readPolicies, handle: whatIf },
];

function whatIf(request: GraphRequest): GraphResponse {
  const { facts, appliedPoliciesOnly } = readSignIn(request);
  const { results } = evaluate(policiesOf(request.data), locationsOf(request.data), facts);
  const value = results
    .filter(({ applies }) => applies || !appliedPoliciesOnly)
    .flatMap(({ policy: { id }, applies, reason }) => {
      const policy = request.data.conditionalAccessPolicies[id];
      if (policy === undefined) return [];
      const json = policyJson(request.data, policy, { version: request.version, full: true });
      return [{ ...json, policyApplies: applies, analysisReasons: reason }];
    });
  return {
    status: 200,
    body: {
      "@odata.context": `https://graph.microsoft.com/${request.version}/$metadata#Collection(microsoft.graph.whatIfAnalysisResult)`,
      value,
    },
  };
}
