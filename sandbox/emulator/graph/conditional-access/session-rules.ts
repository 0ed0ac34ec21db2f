import type { GraphVersion } from "../request.ts";
import type { StoredPolicy } from "./data.ts";
import { validationFailed } from "./errors.ts";

/** The applications that know the restrictions: Office 365, Exchange Online, SharePoint Online. */
const RESTRICTED_BY_THEMSELVES = [
  "Office365",
  "00000002-0000-0ff1-ce00-000000000000",
  "00000003-0000-0ff1-ce00-000000000000",
];
const MOST = { hours: 23, days: 365 };

/** Which session controls Graph takes (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-session). */
export function checkSession(policy: StoredPolicy, version: GraphVersion): void {
  const { sessionControls: session, conditions } = policy;
  if (session === null) return;
  const invalid = (why: string) => validationFailed(version, "InvalidSessionControls", why);
  const { includeApplications } = conditions.applications;
  if (conditions.clientApplications !== null) throw invalid("workload identities have no session");
  if (session.persistentBrowser !== null && includeApplications[0] !== "All")
    throw invalid("persistentBrowser needs all applications: all tabs of a browser share one session");
  if (session.applicationEnforcedRestrictions !== null) {
    const known = includeApplications.every((id) => RESTRICTED_BY_THEMSELVES.includes(id));
    if (!known || includeApplications.length === 0)
      throw validationFailed(
        version,
        "InvalidControls",
        "applicationEnforcedRestrictions are for Office 365, Exchange Online and SharePoint Online",
      );
  }
  checkFrequency(policy, version);
}

function checkFrequency({ sessionControls, conditions, grantControls }: StoredPolicy, version: GraphVersion): void {
  const frequency = sessionControls?.signInFrequency;
  if (!frequency) return;
  const invalid = (why: string) => validationFailed(version, "InvalidSessionControls", why);
  const { frequencyInterval, value, type } = frequency;
  if (frequencyInterval === "timeBased") {
    if (value === null || type === null) throw invalid("a timeBased signInFrequency needs value and type");
    if (value < 1 || value > MOST[type])
      throw invalid(`signInFrequency is ${value} ${type}; allowed: 1 to 23 hours, 1 to 365 days`);
    return;
  }
  if (value !== null || type !== null) throw invalid("an everyTime signInFrequency has neither value nor type");
  // https://github.com/microsoftgraph/msgraph-metadata/issues/647
  if (sessionControls?.persistentBrowser)
    throw invalid("an everyTime signInFrequency does not go with persistentBrowser");
  // https://github.com/MicrosoftDocs/azure-docs/issues/115859
  if (conditions.userRiskLevels.length > 0 && !grantControls?.builtInControls.includes("passwordChange"))
    throw invalid("an everyTime signInFrequency for userRiskLevels needs passwordChange");
}
