import type { GraphVersion } from "../request.ts";
import type { StoredPolicy } from "./data.ts";
import { validationFailed } from "./errors.ts";

/** Which grant controls go together, and with what (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant). */
export function checkGrant(policy: StoredPolicy, version: GraphVersion): void {
  const { grantControls: grant, conditions } = policy;
  if (grant === null) return;
  const invalid = (why: string) => validationFailed(version, "InvalidControls", why);
  const controls = [...grant.builtInControls, ...(grant.authenticationStrength === null ? [] : ["strength"])];
  if (controls.length === 0) throw invalid("grantControls without a control");
  if (new Set(controls).size < controls.length) throw invalid("a control stands there twice");
  if (controls.includes("block") && controls.length > 1) throw invalid("block goes with no other control");
  if (controls.includes("mfa") && controls.includes("strength"))
    throw invalid("mfa and an authentication strength do not go together");
  if (conditions.clientApplications !== null && !controls.includes("block"))
    throw invalid("policies for workload identities can only block");
  if (conditions.applications.includeUserActions.includes("urn:user:registerdevice")) {
    if (controls.some((control) => control !== "mfa" && control !== "strength"))
      throw invalid("registering devices can only be made to need mfa or an authentication strength");
    if (conditions.clientAppTypes[0] !== "all" || conditions.devices !== null)
      throw invalid("registering devices knows neither client apps nor device filters");
  }
  if (controls.includes("passwordChange")) checkPasswordChange(policy, controls, version);
}

/**
 * A change of password is asked for after MFA, from everybody at risk, on the way to any resource. That it takes no other
 * client apps than all is from https://github.com/AlexFilipin/ConditionalAccess/issues/4.
 */
function checkPasswordChange({ conditions, grantControls }: StoredPolicy, controls: string[], version: GraphVersion) {
  const invalid = (why: string) => validationFailed(version, "InvalidPasswordResetControl", why);
  if (grantControls?.operator !== "AND" || controls.length !== 2 || !controls.some(isMultifactor))
    throw invalid("passwordChange goes with mfa, or a strength, and AND");
  if (
    conditions.applications.includeApplications[0] !== "All" ||
    conditions.applications.excludeApplications.length > 0
  )
    throw invalid("passwordChange needs all applications");
  const { platforms, locations, devices, authenticationFlows, signInRiskLevels, clientAppTypes } = conditions;
  const others = [platforms, locations, devices, authenticationFlows].some((condition) => condition !== null);
  if (others || signInRiskLevels.length > 0 || clientAppTypes[0] !== "all")
    throw invalid("passwordChange knows no condition but userRiskLevels");
}

const isMultifactor = (control: string) => control === "mfa" || control === "strength";
