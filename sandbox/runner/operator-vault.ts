import type { Http } from "../providers/http/http.ts";
import type { TokenSource } from "../providers/http/token.ts";

/**
 * Reads the vault as the platform team does, who gives the data stores' users their passwords.
 *
 * @returns secret → value. It throws an Error that names the secret which the vault does not give.
 */
export function operatorVault(http: Http, token: TokenSource, vault: string): (secretName: string) => Promise<string> {
  return async (secretName) => {
    const { status, body } = await http({
      method: "GET",
      url: `https://${vault}.vault.azure.net/secrets/${secretName}?api-version=7.5`,
      headers: { authorization: `Bearer ${await token()}` },
    });
    if (status === 200) {
      const value = secretIn(body);
      if (value !== undefined) return value;
    }
    throw new Error(
      `The vault ${vault} has no readable secret ${secretName} (${status}). Run \`entrada sandbox up\`, which makes it.`,
    );
  };
}

/** The parser's own message would quote the answer, and the secret with it. */
function secretIn(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { value?: string }).value;
  } catch {
    return undefined;
  }
}
