import type { Directory } from "../../directory.ts";
import type { Json } from "../query.ts";
import { strengthById } from "./built-in-strengths.ts";
import type { StoredPolicy, StoredStrength } from "./data.ts";

const GRAPH = "https://graph.microsoft.com";

/** Beside v1.0's properties, what beta and the what-if call list: nothing that the sandbox knows. */
const MORE = {
  policy: { partialEnablementStrategy: null },
  conditions: { clients: null, times: null, deviceStates: null },
  applications: { networkAccess: null, globalSecureAccess: null },
  session: {
    continuousAccessEvaluation: null,
    secureSignInSession: null,
    networkAccessSecurity: null,
    globalSecureAccessFilteringProfile: null,
  },
};
const NO_MORE = { policy: {}, conditions: {}, applications: {}, session: {} };

export interface PolicyForm {
  readonly version: string;
  /** With the properties of beta. */
  readonly full: boolean;
}

/** A policy as Graph answers it, with its strength in full. */
export function policyJson(data: Directory, policy: StoredPolicy, { version, full }: PolicyForm): Json {
  const { id, templateId, displayName, createdDateTime, modifiedDateTime, state, conditions, ...controls } = policy;
  const more = full ? MORE : NO_MORE;
  const { clientApplications, applications } = conditions;
  return {
    id,
    templateId,
    displayName,
    createdDateTime,
    modifiedDateTime,
    state,
    ...more.policy,
    conditions: {
      ...conditions,
      ...more.conditions,
      applications: { ...applications, ...more.applications },
      clientApplications: clientApplications && { ...clientApplications, servicePrincipalFilter: null },
    },
    grantControls: controls.grantControls && {
      ...controls.grantControls,
      ...strengthOf(data, policy, version),
    },
    sessionControls: controls.sessionControls && { ...controls.sessionControls, ...more.session },
  };
}

function strengthOf(data: Directory, { id, grantControls }: StoredPolicy, version: string): Json {
  const strength = strengthById(data, grantControls?.authenticationStrength?.id ?? "");
  return {
    "authenticationStrength@odata.context": `${GRAPH}/${version}/$metadata#identity/conditionalAccess/policies('${id}')/grantControls/authenticationStrength/$entity`,
    authenticationStrength: strength === undefined ? null : strengthJson(strength, version),
  };
}

/** The sandbox has no settings of single combinations (`combinationConfigurations`). */
export function strengthJson(strength: StoredStrength, version: string): Json {
  return {
    ...strength,
    "combinationConfigurations@odata.context": `${GRAPH}/${version}/$metadata#policies/authenticationStrengthPolicies('${strength.id}')/combinationConfigurations`,
    combinationConfigurations: [],
  };
}
