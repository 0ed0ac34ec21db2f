import { Document, isMap, isPair, isScalar, isSeq, type Pair, type YAMLMap } from "yaml";

/** The blocks in the order of the file, each with a line above it for whoever opens the file next. */
export const BLOCK_COMMENTS: Readonly<Record<string, string>> = {
  teams: "Each team is one Entra group. People are in the tenant already; teams name them by what stands before the @.",
  people: "People of a directory that is only played: an environment in Azure has its own.",
  tools: "access: role → teams. Whoever is in none of a tool's roles cannot sign in to it.",
  proxy: "The identity-aware proxy, for tools that stand behind it: docs/proxy.md.",
  partners:
    "Companies with an identity provider of their own: docs/partners.md. Their people never hold an admin role.",
  cluster: "oidcIssuer: az aks show --query oidcIssuerProfile.issuerUrl, with the slash at its end.",
  platform: "What the tools stand on, where this environment makes it: docs/platform.md.",
  keyVault: "The vault is closed to the internet unless publicAccess says otherwise.",
  secrets: "How long secrets last, for the tools that need any.",
  sessions: "How long people stay signed in, and how soon Entra is asked again.",
  conditionalAccess:
    "What a sign-in has to show: docs/conditional-access.md. With report-only Entra only logs what it would have done.",
};

/** The keys before the blocks, in the order in which people read them. */
const FIRST = [
  "environment",
  "organization",
  "domain",
  "userDomain",
  "tenantId",
  "subscriptionId",
  "location",
  "registry",
];

/** A map this short stands on one line. */
const ONE_LINE = 100;

/** What a stack file holds besides the settings, when it replaces another one: Pulumi's own keys. */
export interface Kept {
  /** Keys beside `config`, such as `secretsprovider` and `encryptedkey`: without them the stack's secrets are lost. */
  readonly top: Readonly<Record<string, unknown>>;
  /** Keys under `config` of other namespaces. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** The text of a stack file. Nothing secret can stand in settings, so nothing secret stands in it. */
export function stackText(raw: Readonly<Record<string, unknown>>, kept: Kept = { top: {}, config: {} }): string {
  const others = { "pulumi:disable-default-providers": ["*"], ...kept.config };
  const blocks = Object.keys(BLOCK_COMMENTS);
  const single = Object.keys(raw).filter((key) => !FIRST.includes(key) && !blocks.includes(key));
  const keys = [...FIRST, ...single, ...blocks].filter((key) => raw[key] !== undefined);
  const settings = Object.fromEntries(keys.map((key) => [`entrada:${key}`, raw[key]]));
  const document = new Document({ ...kept.top, config: { ...others, ...settings } });
  const config = document.get("config") as YAMLMap;
  for (const pair of config.items) arrange(pair, raw);
  const name = String(raw.environment);
  const head = [
    "# yaml-language-server: $schema=./settings.schema.json",
    "#",
    `# The environment ${name}. Nothing here is secret. An editor completes the keys; \`entrada access --stack ${name}\` checks them.`,
  ];
  return `${head.join("\n")}\n${document.toString({ lineWidth: 120 })}`;
}

function arrange(pair: Pair, raw: Readonly<Record<string, unknown>>): void {
  const key = pair.key;
  if (!isScalar(key)) return;
  const name = String(key.value).replace(/^entrada:/, "");
  if (key.value === "pulumi:disable-default-providers") {
    key.commentBefore = " Every resource names its provider, so that none reaches another cloud by accident.";
  }
  if (name === FIRST[0] && name in raw) key.spaceBefore = true;
  const comment = BLOCK_COMMENTS[name];
  if (comment !== undefined && String(key.value).startsWith("entrada:")) {
    key.spaceBefore = true;
    key.commentBefore = ` ${comment}`;
  }
  const short = Array.isArray((pair.value as { toJSON(): unknown }).toJSON());
  if (short) (pair.value as YAMLMap).flow = true;
  else shorten(pair.value, 0);
}

/** Lists, and maps that are short and lie deep enough, stand on one line, as in the files that people write. */
function shorten(node: unknown, depth: number): void {
  if (isSeq(node)) node.flow = true;
  if (!isMap(node)) return;
  const text = JSON.stringify(node.toJSON());
  if (depth > 0 && (text.length <= ONE_LINE || node.items.length === 0)) node.flow = true;
  else for (const item of node.items) if (isPair(item)) shorten(item.value, depth + 1);
}
