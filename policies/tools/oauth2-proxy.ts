import { elements, type Known, known, text as textAt } from "../core/values.ts";
import { readFlatToml } from "../readers/flat-toml.ts";
import { parseJson } from "../readers/json.ts";
import type { ConfigFile, Process } from "./settings.ts";

/** Settings of oauth2-proxy, under their names in its file, from wherever they are given. */
export interface ProxySettings {
  /** What stands there; undefined where it is not set or not known. */
  get(name: string): unknown;
  names(): readonly string[];
  /** Path of the property that holds a setting. */
  at(name: string): string;
}

/** A whole `oauth2-proxy.cfg`: what is not in it has oauth2-proxy's default. */
export interface ProxyFile extends ProxySettings {
  /** Lines that cannot be read, and so not be checked. */
  readonly unread: readonly number[];
}

/** One provider of the newer form of configuration (`--alpha-config`). */
export interface ProxyProvider {
  /** Path of the property that holds it, for messages. */
  readonly path: string;
  readonly value: unknown;
}

/** An `oauth2-proxy.cfg`; undefined for any other file. */
export function proxyFile({ name, path, text }: ConfigFile): ProxyFile | undefined {
  if (!/^oauth2[-_]proxy.*\.(cfg|toml)$/.test(name)) return undefined;
  const { settings, unread } = readFlatToml(text);
  return {
    get: (setting) => settings.get(setting),
    names: () => [...settings.keys()],
    at: (setting) => `${path} ${setting}`,
    unread,
  };
}

/** What a file of the newer form says; it is YAML, of which JSON is the part that can be read here. */
export interface AlphaFile {
  readonly path: string;
  readonly value: unknown;
  readonly providers: readonly ProxyProvider[];
}

/** A file of the newer form, written as JSON; undefined for any other. */
export function alphaFile({ path, text }: ConfigFile): AlphaFile | undefined {
  if (!text.includes('"providers"')) return undefined;
  const value = parseJson(text);
  if (known(value, "upstreamConfig").kind === "absent" && known(value, "injectRequestHeaders").kind === "absent")
    return undefined;
  const providers = elements(value, "providers").flatMap(({ path: at, item }: { path: string; item: Known }) =>
    item.kind === "value" ? [{ path: `${path} ${at}`, value: item.value }] : [],
  );
  return { path, value, providers };
}

/** Roles that a file of the newer form tells the tool, whoever signs in. */
export function fixedRoles({ path, value }: AlphaFile): readonly { readonly at: string; readonly role: string }[] {
  return elements(value, "injectRequestHeaders").flatMap(({ path: header, item }) =>
    item.kind !== "value" || textAt(item.value, "name") !== "X-Forwarded-Groups"
      ? []
      : elements(item.value, "values").flatMap(({ path: at, item: given }) => {
          const role = given.kind === "value" ? textAt(given.value, "value") : undefined;
          return role === undefined ? [] : [{ at: `${path} ${header}.${at}.value`, role }];
        }),
  );
}

/** Settings in a container's environment and command; undefined where there is none. */
export function proxyProcess({ env, words }: Process): ProxySettings | undefined {
  const settings = new Map<string, { readonly path: string; readonly value: unknown }>();
  for (const [name, { path, value }] of env) {
    const [, setting] = /^OAUTH2_PROXY_(.+)$/.exec(name) ?? [];
    if (setting !== undefined && value.kind === "value")
      settings.set(setting.toLowerCase(), { path, value: value.value });
  }
  const runsIt = settings.size > 0 || words.some(({ text }) => text.endsWith("oauth2-proxy"));
  if (!runsIt) return undefined;
  for (const { path, text } of words) {
    const [, name, value = "true"] = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(text) ?? [];
    if (name !== undefined) settings.set(name.replaceAll("-", "_"), { path, value });
  }
  return {
    get: (setting) => settings.get(setting)?.value,
    names: () => [...settings.keys()],
    at: (setting) => settings.get(setting)?.path ?? setting,
  };
}
