import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { openSigningKeys } from "../entra/keys.ts";
import type { Hosts } from "../hosts.ts";
import { notImplemented } from "../not-implemented.ts";
import { createPartnerApp } from "./app.ts";
import type { PartnerProvider } from "./provider.ts";

export interface PartnerHostsOptions {
  /** Private folder; each provider keeps its own signing keys below it. */
  readonly folder: string;
  /** The client secret of a partner's client for a tool. */
  readonly secretOf: (partner: string, tool: string) => string;
  readonly now: () => Date;
}

export interface PartnerHosts {
  /**
   * The hosts of these providers. A provider that was there before takes the new people and clients and keeps its
   * sessions and refresh tokens, as long as its issuer stays.
   */
  update(providers: readonly PartnerProvider[]): Promise<Hosts>;
}

interface Served {
  provider: PartnerProvider;
  readonly app: Hono;
}

export function partnerHosts({ folder, secretOf, now }: PartnerHostsOptions): PartnerHosts {
  const served = new Map<string, Served>();
  const create = async (provider: PartnerProvider): Promise<Served> => {
    const keyFolder = join(folder, `partner-${provider.key}`);
    mkdirSync(keyFolder, { recursive: true, mode: 0o700 });
    const keys = await openSigningKeys(keyFolder);
    const current = { provider };
    const app = createPartnerApp({
      provider: () => current.provider,
      secretOf: (tool) => secretOf(provider.key, tool),
      now,
      keys,
    });
    return Object.assign(current, { app });
  };
  return {
    update: async (providers) => {
      for (const provider of providers) {
        const known = served.get(provider.key);
        if (known?.provider.issuer === provider.issuer) known.provider = provider;
        else served.set(provider.key, await create(provider));
      }
      const wanted = providers.flatMap(({ key }) => served.get(key) ?? []);
      for (const key of [...served.keys()]) if (!providers.some((provider) => provider.key === key)) served.delete(key);
      return byHost(wanted);
    },
  };
}

/** One app per host: several authorization servers of one organisation share it, told apart by their paths. */
function byHost(served: readonly Served[]): Hosts {
  const hostOf = ({ provider }: Served) => new URL(provider.issuer).hostname;
  return Object.fromEntries(
    [...new Set(served.map(hostOf))].map((host) => {
      const providers = served.filter((one) => hostOf(one) === host);
      // The longest path first, so that the organisation's own server does not answer for a custom one.
      const ordered = providers.sort((a, b) => b.provider.issuer.length - a.provider.issuer.length);
      const app = new Hono();
      app.all("*", (c) => {
        const path = new URL(c.req.url).pathname;
        const found = ordered.find(({ provider }) => path.startsWith(basePath(provider)));
        return found === undefined ? notImplemented(c) : found.app.fetch(c.req.raw);
      });
      return [host, app];
    }),
  );
}

function basePath({ issuer }: PartnerProvider): string {
  const { pathname } = new URL(issuer);
  return pathname.endsWith("/") ? pathname : `${pathname}/`;
}
