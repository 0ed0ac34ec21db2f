import { leadsTo } from "../core/links.ts";
import { type StackSubject, stackRule } from "../core/rule.ts";
import { elements, text } from "../core/values.ts";

const application = "azuread:index/application:Application";
const redirectList = "azuread:index/applicationRedirectUris:ApplicationRedirectUris";
const credentials = [
  "azuread:index/applicationPassword:ApplicationPassword",
  "azuread:index/applicationCertificate:ApplicationCertificate",
];

/** A list that is not known yet counts: somebody wrote one. */
function hasSpaAddresses(owner: StackSubject, lists: readonly StackSubject[]): boolean {
  if (elements(owner.props, "singlePageApplication.redirectUris").length > 0) return true;
  return lists.some((list) => text(list.props, "type") === "SPA" && leadsTo(list, "applicationId", owner));
}

/**
 * A client is public (SPA) or confidential (secret), never both. A password's inputs do not tell what kind of application it
 * is for, so this needs the whole stack: it stops a preview, and can only report after an `up` that skipped its preview. The
 * inline form, `password` within the application, is stopped by app-secret-lifetime before that.
 */
export const spaXorSecret = stackRule(
  {
    name: "spa-xor-secret",
    title: "Single-page applications have no secret",
    what: "An application with single-page redirect URIs has no password and no certificate.",
    why: "A browser cannot keep a secret: one that exists all the same serves whoever finds it, who then gets tokens as the application, without any person.",
    fix: "Remove the credential, or move the redirect URIs to `web` if the tool's server redeems the code.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow",
  },
  {
    types: [application, redirectList, ...credentials],
    check(resources, report) {
      const lists = resources.filter((one) => one.type === redirectList);
      const browserApps = resources.filter((one) => one.type === application && hasSpaAddresses(one, lists));
      for (const credential of resources.filter((one) => credentials.includes(one.type))) {
        const owner = browserApps.find((app) => leadsTo(credential, "applicationId", app));
        if (!owner) continue;
        report(credential, {
          at: "applicationId",
          found: `the application "${owner.name}", which has single-page redirect URIs`,
          wanted: "an application without them",
        });
      }
    },
  },
);
