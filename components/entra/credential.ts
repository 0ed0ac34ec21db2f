import { ApplicationFederatedIdentityCredential } from "@pulumi/azuread/applicationFederatedIdentityCredential.js";
import { ApplicationPassword } from "@pulumi/azuread/applicationPassword.js";
import * as pulumi from "@pulumi/pulumi";
import type { SecretSlot, SecretWindows } from "../../model/secret-calendar.ts";
import type { VaultPlace } from "../azure/vault.ts";
import { VaultSecret } from "../azure/vault-secret.ts";
import { type ServiceAccountName, serviceAccountSubject, TOKEN_EXCHANGE_AUDIENCE } from "../azure/workload-identity.ts";

/** How a tool proves itself at the token endpoint, in order of preference. */
export type Credential =
  /** With its service account's token: nothing to keep, nothing to leak. */
  | { readonly kind: "federated"; readonly issuer: pulumi.Input<string>; readonly serviceAccount: ServiceAccountName }
  /** Not at all: a single-page application with PKCE. */
  | { readonly kind: "public" }
  /** With a secret from the vault; two are valid at any time, so that a rotation never interrupts anybody. */
  | { readonly kind: "secret"; readonly windows: SecretWindows; readonly vault: VaultPlace };

const SLOTS: readonly SecretSlot[] = ["a", "b"];

/** Creates what the credential needs at the registration; returns the vault secrets that hold values, if any. */
export function createCredential(
  name: string,
  applicationId: pulumi.Input<string>,
  credential: Credential,
  parent: pulumi.Resource,
): readonly VaultSecret[] {
  switch (credential.kind) {
    case "public":
      return [];
    case "federated":
      new ApplicationFederatedIdentityCredential(
        `${name}-federation`,
        {
          applicationId,
          displayName: `${credential.serviceAccount.namespace}-${credential.serviceAccount.name}`,
          description: "Tokens of the tool's service account",
          issuer: credential.issuer,
          subject: serviceAccountSubject(credential.serviceAccount),
          audiences: [TOKEN_EXCHANGE_AUDIENCE],
        },
        { parent },
      );
      return [];
    case "secret":
      return SLOTS.map((slot) => createSecret(name, applicationId, credential, slot, parent));
  }
}

/** A password that lives for its window, and its place in the vault. `endDateRelative` is never used: the provider drops it. */
function createSecret(
  name: string,
  applicationId: pulumi.Input<string>,
  { windows, vault }: Extract<Credential, { kind: "secret" }>,
  slot: SecretSlot,
  parent: pulumi.Resource,
): VaultSecret {
  const { startDate, endDate } = windows[slot];
  const secretName = `${name}-client-secret-${slot}`;
  const password = new ApplicationPassword(
    secretName,
    { applicationId, displayName: secretName, startDate, endDate },
    { parent, additionalSecretOutputs: ["value"] },
  );
  return new VaultSecret(
    secretName,
    { vault, secretName, value: pulumi.secret(password.value), expires: endDate, contentType: "client secret" },
    { parent },
  );
}
