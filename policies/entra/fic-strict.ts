import { resourceRule } from "../core/rule.ts";
import { parseUri } from "../core/uri.ts";
import { elements, text } from "../core/values.ts";

const audience = "api://AzureADTokenExchange";
/** Kubernetes names are DNS labels; a pattern instead of a name would match nothing, or too much. */
const serviceAccount = /^system:serviceaccount:(?<namespace>[a-z0-9][a-z0-9-]*):[a-z0-9][a-z0-9.-]*$/;

/** A federated credential trusts one service account of one cluster. */
export const ficStrict = resourceRule(
  {
    name: "fic-strict",
    title: "Federated credentials trust one service account",
    what: "A federated credential has the one audience for token exchange, an https issuer, and the full name of one service account outside the default namespace.",
    why: "Whoever holds a token that fits the credential is that application. A shared namespace or a second audience lets other workloads in.",
    fix: `Set audiences to ["${audience}"], issuer to the cluster's OIDC issuer and subject to system:serviceaccount:<namespace>:<name>.`,
    severity: "high",
    url: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  },
  {
    types: [
      "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
      "azure-native:managedidentity:FederatedIdentityCredential",
    ],
    check({ props }, report) {
      const audiences = elements(props, "audiences");
      const foreign = audiences.some(({ item }) => item.kind === "value" && item.value !== audience);
      if (audiences.length !== 1 || foreign) {
        const found = `[${audiences.map(({ item }) => (item.kind === "value" ? JSON.stringify(item.value) : "…")).join(", ")}]`;
        report({ at: "audiences", found, wanted: `exactly ["${audience}"]` });
      }
      const issuer = text(props, "issuer");
      if (issuer !== undefined && parseUri(issuer)?.protocol !== "https:") {
        report({ at: "issuer", found: JSON.stringify(issuer), wanted: "an https address" });
      }
      const subject = text(props, "subject");
      if (subject === undefined) return;
      const namespace = serviceAccount.exec(subject)?.groups?.namespace;
      if (namespace === undefined || namespace === "default") {
        const wanted = "system:serviceaccount:<namespace>:<name>, with a namespace of the tool's own";
        report({ at: "subject", found: JSON.stringify(subject), wanted });
      }
    },
  },
);
