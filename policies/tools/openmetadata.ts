import { known, text } from "../core/values.ts";
import { parseJson } from "../readers/json.ts";
import type { ConfigFile, Process } from "./settings.ts";

/** Port of OpenMetadata's API and pages, the same in every release. */
export const OPENMETADATA_PORT = 8585;

/** What OpenMetadata's settings say of one thing, in whichever form they are given. */
export interface OpenMetadataSettings {
  /** A setting by its path in the configuration file. `undefined` where it is not there or not known. */
  text(path: string): string | undefined;
  list(path: string): readonly string[];
  number(path: string): number | undefined;
  has(path: string): boolean;
  /** Path of the property that holds a setting. */
  at(path: string): string;
}

/** Configuration path → variable that the shipped configuration reads there. */
const variables: Readonly<Record<string, string>> = {
  "authenticationConfiguration.provider": "AUTHENTICATION_PROVIDER",
  "authenticationConfiguration.publicKeyUrls": "AUTHENTICATION_PUBLIC_KEYS",
  "authenticationConfiguration.oidcConfiguration.sessionExpiry": "OIDC_SESSION_EXPIRY",
  "authorizerConfiguration.adminPrincipals": "AUTHORIZER_ADMIN_PRINCIPALS",
  "jwtTokenConfiguration.jwtissuer": "JWT_ISSUER",
  "jwtTokenConfiguration.keyId": "JWT_KEY_ID",
  "jwtTokenConfiguration.rsaprivateKeyFilePath": "RSA_PRIVATE_KEY_FILE_PATH",
  "fernetConfiguration.fernetKey": "FERNET_KEY",
};

/** A configuration file of OpenMetadata, written as JSON (which its YAML reader takes); undefined for any other file. */
export function openMetadataFile({ path, text: content }: ConfigFile): OpenMetadataSettings | undefined {
  const config = content.includes("authenticationConfiguration") ? parseJson(content) : undefined;
  if (known(config, "authenticationConfiguration").kind !== "value") return undefined;
  return {
    text: (setting) => text(config, setting),
    list: (setting) => {
      const found = known(config, setting);
      return found.kind === "value" && Array.isArray(found.value) ? found.value.map(String) : [];
    },
    number: (setting) => {
      const found = known(config, setting);
      return found.kind === "value" ? Number(found.value) : undefined;
    },
    has: (setting) => known(config, setting).kind !== "absent",
    at: (setting) => `${path} ${setting}`,
  };
}

/** The settings in a container's environment; undefined for a container that has none of OpenMetadata's. */
export function openMetadataEnvironment({ path, env }: Process): OpenMetadataSettings | undefined {
  if (!env.has("AUTHENTICATION_PROVIDER") && !env.has("AUTHORIZER_ADMIN_PRINCIPALS")) return undefined;
  const value = (setting: string): string | undefined => {
    const found = env.get(variables[setting] ?? "")?.value;
    return found?.kind === "value" ? String(found.value) : undefined;
  };
  return {
    text: value,
    list: (setting) =>
      (value(setting) ?? "")
        .replace(/^\[|\]$/g, "")
        .split(",")
        .map((item) => item.trim().replace(/^["']|["']$/g, ""))
        .filter((item) => item !== ""),
    number: (setting) => (value(setting) === undefined ? undefined : Number(value(setting))),
    has: (setting) => env.has(variables[setting] ?? ""),
    at: (setting) => env.get(variables[setting] ?? "")?.path ?? `${path}.env`,
  };
}
