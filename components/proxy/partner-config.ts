import { commonConfig, PROXY_PORT, type ProxyConfigArgs, SECRETS_FOLDER } from "./config.ts";
import type { PartnerGate } from "./partners.ts";
import { toml } from "./toml.ts";

/** What a partner's proxy needs beside what all need. */
export interface PartnerConfigArgs extends ProxyConfigArgs {
  readonly gate: PartnerGate;
  /** Name of the file that holds the client secret which the partner handed over. */
  readonly clientSecretFile: string;
}

/**
 * The two files of a partner's proxy: what is common, and `provider.yaml` in oauth2-proxy's newer form (`--alpha-config`),
 * because that alone can tell the tool a fixed role. Client id and upstream come by environment.
 */
export function partnerConfig(args: PartnerConfigArgs): { readonly core: string; readonly provider: string } {
  const core = toml(commonConfig(args, [new URL(args.gate.partner.issuer).hostname]));
  return { core, provider: `${JSON.stringify(providerConfig(args), null, 2)}\n` };
}

/** The newer form is YAML, and JSON is YAML. */
function providerConfig({ gate, clientSecretFile }: PartnerConfigArgs) {
  const { partner, groups, role } = gate;
  return {
    providers: [
      {
        id: partner.key,
        name: partner.displayName,
        provider: "oidc",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: oauth2-proxy puts the variable's value in
        clientID: "${OAUTH2_PROXY_CLIENT_ID}",
        clientSecretFile: `${SECRETS_FOLDER}/${clientSecretFile}`,
        scope: "openid profile email groups offline_access",
        code_challenge_method: "S256",
        allowedGroups: groups,
        oidcConfig: {
          issuerURL: partner.issuer,
          audienceClaims: ["aud"],
          emailClaim: "email",
          groupsClaim: partner.groupsClaim,
          insecureSkipNonce: false,
        },
      },
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
    upstreamConfig: { upstreams: [{ id: "tool", path: "/", uri: "${OAUTH2_PROXY_UPSTREAMS}" }] },
    injectRequestHeaders: [
      fromClaim("X-Forwarded-User", "user"),
      fromClaim("X-Forwarded-Email", "email"),
      fromClaim("X-Forwarded-Preferred-Username", "preferred_username"),
      // The partner's own group names never reach the tool.
      { name: "X-Forwarded-Groups", preserveRequestValue: false, values: [{ secretSource: { value: role } }] },
    ],
    server: { bindAddress: `0.0.0.0:${PROXY_PORT}` },
  };
}

function fromClaim(name: string, claim: string) {
  return { name, preserveRequestValue: false, values: [{ claimSource: { claim } }] };
}
