import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { stackFile } from "../../cli/project.ts";
import { contracts } from "../../components/tools/registry.ts";
import { parseSettings, type Settings } from "../../model/index.ts";

const FIRST = ["Ana", "Jon", "Mei", "Omar", "Zoé", "Sofia", "Liam", "Priya", "Tomas", "Clara", "Noah", "Pavel", "Mira"];
const LAST = ["Lima", "Berg", "Tanaka", "Haddad", "Martin", "Rossi", "Murphy", "Nair", "Novak", "Dubois", "Fischer"];
const DEPARTMENTS = ["Analytics", "Product", "Sales", "Operations", "Legal"];

/** One squad for so many people, beside the company-wide teams. */
const SQUAD = 100;

type Raw = Record<string, unknown>;

/**
 * Settings of a made-up company with so many people and the sample company's tools: two administrators, a dynamic team, a squad for each
 * hundred people, and among the people guests, some who left and some in no team. The same for the same number.
 */
export function companyOf(size: number): Settings {
  const raw = sampleRaw();
  const keys = Array.from({ length: size }, (_, index) => `person.${index + 1}`);
  const squads = Array.from({ length: Math.max(1, Math.round(size / SQUAD)) }, (_, index) => `squad-${index + 1}`);
  const inSquad = (squad: number) => keys.filter((_, index) => index % 7 !== 6 && index % squads.length === squad);
  const everyThird = squads.filter((_, index) => index % 3 === 0);
  const others = squads.filter((_, index) => index % 3 !== 0);
  const parsed = parseSettings(
    {
      ...raw,
      people: { ...Object.fromEntries(keys.map((key, index) => [key, person(index)])), ...breakGlass(raw) },
      teams: {
        admins: { displayName: "Administrators", privileged: true, owners: [keys[0]], members: keys.slice(0, 2) },
        product: { owners: [keys[0]], rule: 'user.department -eq "Product" -and user.userType -eq "Member"' },
        guests: { owners: [keys[0]], members: keys.filter((_, index) => isGuest(index)) },
        ...Object.fromEntries(squads.map((key, index) => [key, { owners: keys.slice(0, 2), members: inSquad(index) }])),
      },
      partners: {},
      tools: {
        ...(raw.tools as Raw),
        superset: tool(raw, "superset", {
          Admin: ["admins"],
          Alpha: everyThird,
          Gamma: [...others, "product", "guests"],
        }),
        airflow: tool(raw, "airflow", { Admin: ["admins"], Viewer: squads.slice(0, Math.ceil(squads.length / 2)) }),
        metabase: tool(raw, "metabase", { admin: ["admins"], query: everyThird, view: ["product"] }),
        databricks: tool(raw, "databricks", { admin: ["admins"], analyst: squads }),
        openmetadata: tool(raw, "openmetadata", { Admin: ["admins"], DataConsumer: squads }),
        custom: {
          reports: { ...((raw.tools as Raw).custom as { reports: Raw }).reports, access: { Reader: ["product"] } },
        },
      },
      conditionalAccess: { ...(raw.conditionalAccess as Raw), deployers: [keys[0]] },
    },
    contracts,
  );
  if (!parsed.ok) throw new Error(`The made-up company's settings do not parse: ${JSON.stringify(parsed.problems)}`);
  return parsed.settings;
}

/** The sample company's settings, by key. */
function sampleRaw(): Raw {
  const { config } = parse(readFileSync(stackFile("sandbox"), "utf8")) as { config: Raw };
  const own = Object.entries(config).filter(([key]) => key.startsWith("entrada:"));
  return Object.fromEntries(own.map(([key, value]) => [key.slice("entrada:".length), value]));
}

/** A tool of the sample company with other access, and without roles of its own that nobody would hold then. */
function tool(raw: Raw, id: string, access: Raw): Raw {
  const { datasets: _datasets, roles: _roles, grants: _grants, ...rest } = (raw.tools as Record<string, Raw>)[id] ?? {};
  return { ...rest, access };
}

function breakGlass(raw: Raw): Raw {
  const people = raw.people as Raw;
  return { "breakglass-1": people["breakglass-1"], "breakglass-2": people["breakglass-2"] };
}

function isGuest(index: number): boolean {
  return index % 50 === 4;
}

function person(index: number): Raw {
  const displayName = `${FIRST[index % FIRST.length]} ${LAST[(index * 7) % LAST.length]}`;
  return {
    displayName: index < FIRST.length ? displayName : `${displayName} ${index + 1}`,
    department: DEPARTMENTS[index % DEPARTMENTS.length],
    methods: index < 2 ? ["fido2", "authenticator"] : ["authenticator"],
    ...(index % 40 === 3 ? { enabled: false } : {}),
    ...(isGuest(index) ? { guest: true, mail: `guest.${index + 1}@fabrikam.com` } : {}),
  };
}
