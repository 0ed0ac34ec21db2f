import type { Subject } from "../core/rule.ts";
import { elements, text } from "../core/values.ts";

/** Which block of an app registration a redirect URI stands in; it decides how Entra treats the client. */
export type Platform = "web" | "spa" | "publicClient";

export interface RedirectUri {
  readonly path: string;
  readonly platform: Platform;
  readonly uri: string;
}

/** The resources that carry redirect URIs. */
export const redirectTypes = [
  "azuread:index/application:Application",
  "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
];

const blocks: readonly (readonly [Platform, string])[] = [
  ["web", "web.redirectUris"],
  ["spa", "singlePageApplication.redirectUris"],
  ["publicClient", "publicClient.redirectUris"],
];

const platformOfType: Readonly<Record<string, Platform>> = { Web: "web", SPA: "spa", PublicClient: "publicClient" };

/** Every redirect URI of a resource that is known by now. */
export function redirectUris(subject: Subject): readonly RedirectUri[] {
  const ownResource = subject.type.endsWith(":ApplicationRedirectUris");
  // Until the type of a separate list is known it is held to the strictest rules, those of the web platform.
  const lists: readonly (readonly [Platform, string])[] = ownResource
    ? [[platformOfType[text(subject.props, "type") ?? ""] ?? "web", "redirectUris"]]
    : blocks;
  return lists.flatMap(([platform, list]) =>
    elements(subject.props, list).flatMap(({ path, item }) =>
      item.kind === "value" && typeof item.value === "string" ? [{ path, platform, uri: item.value }] : [],
    ),
  );
}
