import { createSecureContext, type SecureContext } from "node:tls";
import { type Authority, certificateNeedsRenewal } from "../../network/authority.ts";

/** For a client that asks for no host of any route. No resolver knows the name, so nobody who verifies accepts it. */
export const NOBODY = "gateway.invalid";

export interface Certificates {
  /** The certificate of a route's host name (or of `NOBODY`): made once, and anew before it ends. */
  of(hostname: string): Promise<SecureContext>;
}

/** One certificate for each host name, so that a browser never takes one tool's connection for another's. */
export function certificates(authority: Pick<Authority, "issue">, now: () => Date): Certificates {
  const cache = new Map<string, Promise<{ certPem: string; context: SecureContext }>>();
  const issue = async (hostname: string) => {
    const { certPem, keyPem } = await authority.issue({ commonName: hostname, dnsNames: [hostname], ipAddresses: [] });
    return { certPem, context: createSecureContext({ cert: certPem, key: keyPem, minVersion: "TLSv1.2" }) };
  };
  const renewed = (hostname: string) => {
    const issuing = issue(hostname);
    cache.set(hostname, issuing);
    // A failure is told to whoever waits, and the next client tries again.
    issuing.catch(() => cache.delete(hostname));
    return issuing;
  };
  return {
    of: async (hostname) => {
      const known = await (cache.get(hostname) ?? renewed(hostname));
      if (!certificateNeedsRenewal(known.certPem, now())) return known.context;
      return (await renewed(hostname)).context;
    },
  };
}
