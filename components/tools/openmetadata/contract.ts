import { parseImage } from "../../../model/settings/index.ts";
import type { Callback, ContractProblem, ToolContract, ToolRole } from "../../../model/tool-contract.ts";
import { PROXY_CALLBACK } from "../../proxy/callback.ts";
import { type OpenMetadataSettings, settings, VERSIONS } from "./settings.ts";

/** What both kinds of client ask for; without a refresh token OpenMetadata sends people to sign in again every hour. */
export const SCOPES: readonly string[] = ["openid", "profile", "email", "offline_access"];

const OWN_ROLES: readonly ToolRole[] = [
  {
    value: "Admin",
    displayName: "OpenMetadata administrator",
    description: "Runs OpenMetadata: settings, services, people and every asset.",
    admin: true,
    toolRoles: ["Admin"],
  },
  {
    value: "DataSteward",
    displayName: "OpenMetadata data steward",
    description: "Cares for descriptions, owners, tags and glossaries of every asset.",
    admin: false,
    toolRoles: ["DataSteward"],
  },
  {
    value: "DataConsumer",
    displayName: "OpenMetadata data consumer",
    description: "Reads the catalogue and suggests changes.",
    admin: false,
    toolRoles: ["DataConsumer"],
  },
];

/** OpenMetadata: what the rest of Entrada knows of it. */
export const openMetadataContract: ToolContract<OpenMetadataSettings> = {
  id: "openmetadata",
  displayName: "OpenMetadata",
  versions: VERSIONS,
  settings,
  callbacks: (tool) => [...(proxied(tool) ? [PROXY_CALLBACK] : []), ownCallback(tool)],
  proxied,
  roles: (tool) => [...OWN_ROLES, ...tool.roles.map(declaredRole)],
  remarks: (tool) => [...proxyRemarks(tool), ...sessionRemarks(tool), reconcileRemark(tool)],
  check: (tool) => [...roleProblems(tool), ...imageProblems(tool)],
};

/** Whether the identity-aware proxy stands in front. */
export function proxied({ proxy }: Pick<OpenMetadataSettings, "proxy">): boolean {
  return proxy === true;
}

/** `/callback` for both clients: the application in the browser takes the code there, or the server's servlet does. */
function ownCallback({ client }: OpenMetadataSettings): Callback {
  const path = "/callback";
  return client === "public"
    ? { path, platform: "spa", credential: "public", scopes: SCOPES }
    : { path, platform: "web", credential: "secret", scopes: SCOPES };
}

function declaredRole(name: string): ToolRole {
  return {
    value: name,
    displayName: `OpenMetadata ${name}`,
    description: `Has the role ${name} of OpenMetadata, with the policies that are set there.`,
    admin: false,
    toolRoles: [name],
  };
}

function proxyRemarks({ proxy }: OpenMetadataSettings): string[] {
  if (proxy === true) return [];
  return [
    `OpenMetadata stands without the identity-aware proxy: ${proxy.off}`,
    "OpenMetadata checks a token's signature, its end and the domain of its user principal name, neither audience nor issuer: a token that Entra made for another application is taken.",
  ];
}

function sessionRemarks({ client, session }: OpenMetadataSettings): string[] {
  return client === "public"
    ? ["The browser keeps the tokens: one of an hour, renewed for at most 24 hours."]
    : [`The server keeps the session for at most ${session.lifetime}.`];
}

function reconcileRemark({ reconcile }: OpenMetadataSettings): string {
  return `Who is disabled or loses a role loses it in OpenMetadata after at most ${reconcile.every}, when the reconciler runs; OpenMetadata itself takes nothing back.`;
}

function roleProblems({ roles, access }: OpenMetadataSettings): ContractProblem[] {
  return roles.flatMap((role, index): ContractProblem[] => {
    const path = ["roles", index];
    const own = OWN_ROLES.find(({ value }) => value.toLowerCase() === role.toLowerCase());
    if (own !== undefined) {
      const found = `the role ${own.value}, which is there already`;
      return [{ path, found, allowed: "names of further roles", fix: "Take it out." }];
    }
    if (roles.indexOf(role) !== index) {
      return [{ path, found: `${role} for the second time`, allowed: "each name once", fix: "Take it out." }];
    }
    // Roles such as IngestionBotRole may read connections' credentials; people never need them.
    if (/bot/i.test(role)) {
      const fix = "Take it out; make a role for people in OpenMetadata where they need one.";
      return [{ path, found: `${role}, a role for bots`, allowed: "roles for people", fix }];
    }
    if (access[role] === undefined) {
      const fix = `Add it under access, for example ${role}: ["analysts"], or remove it here.`;
      return [{ path, found: "a role that access gives to no team", allowed: "roles that access uses", fix }];
    }
    return [];
  });
}

/** The version decides which settings are written, so the image must hold that version. */
function imageProblems({ image: text, version }: OpenMetadataSettings): ContractProblem[] {
  const tag = parseImage(text)?.tag.replace(/^v/, "");
  if (tag === undefined || tag === version || (/^[-_.+]/.test(tag.slice(version.length)) && tag.startsWith(version)))
    return [];
  return [
    {
      path: ["image"],
      found: `an image of version ${tag}`,
      allowed: `an image of version ${version}, such as ${version} or ${version}-2`,
      fix: "Change the image's tag, or version.",
    },
  ];
}
