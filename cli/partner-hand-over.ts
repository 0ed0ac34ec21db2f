import { contracts } from "../components/tools/registry.ts";
import { localSecret, partnerSecretName } from "../sandbox/secrets.ts";
import { line, Refusal, step } from "./output.ts";
import { partnerTools } from "./partners.ts";
import { checkoutLayout } from "./project.ts";
import type { OpenSandbox } from "./sandbox-session.ts";
import { deployedStack } from "./sign-in/deployed.ts";
import { deployerToken } from "./sign-in/entra-token.ts";
import { sandboxFetch } from "./sign-in/network.ts";
import { readSecret, VAULT_RESOURCE, writeSecret } from "./sign-in/vault.ts";

/**
 * Does what a partner and the platform team do by hand in a real environment: puts each client secret that a partner gives a
 * tool into the vault, under the name that the tool's pods read it by. What is there already stays, so that the secrets'
 * versions do not change. Without partners it does nothing and says nothing.
 */
export async function handOverPartnerSecrets(
  { settings, sandbox }: Pick<OpenSandbox, "settings" | "sandbox">,
  stack: string,
): Promise<void> {
  const tools = partnerTools(settings, contracts);
  if (tools.length === 0) return;
  const written = await step("Partners hand over their client secrets", async () => {
    const layout = checkoutLayout();
    const { keyVault: vault } = deployedStack(layout, stack);
    if (vault === undefined) throw new Refusal("The stack's outputs name no vault.");
    const fetch = sandboxFetch(sandbox);
    const token = await deployerToken(fetch, layout, sandbox.tenantId, VAULT_RESOURCE);
    const names: string[] = [];
    for (const { partner, id } of tools) {
      const { value } = localSecret(layout, partnerSecretName(partner.key, id));
      const address = { vault, name: partner.clientSecretName, token };
      if ((await readSecret(fetch, address)) === value) continue;
      await writeSecret(fetch, address, value, `client secret of ${partner.displayName}`);
      names.push(address.name);
    }
    return names;
  });
  line(`    ${written.length === 0 ? "all are in the vault" : `put into the vault: ${written.join(", ")}`}`);
}
