import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** How large a company is. */
export interface Size {
  readonly tools: number;
  readonly people: number;
}

/** People of one team beside its owner; more people make more teams, not larger ones, until there are 200. */
const TEAM_SIZE = 25;
const DIGEST = `sha256:${"5f0a3c9e7b1d4826".repeat(4)}`;

interface StackFile {
  config: Record<string, Record<string, unknown>>;
}

/**
 * A stack file with as many tools and people: what it has, web apps of the company's own up to the number of tools, and teams of 25
 * with everybody in one of them. Each app has an admin role and three others, held by four teams. The tools that it has are counted.
 * @param file the stack file to grow; prod's, with its platform
 * @returns the text of a stack file: JSON, which is YAML too
 */
export function grownStack(file: string, { tools, people }: Size): string {
  const { config } = parse(readFileSync(file, "utf8")) as StackFile;
  const given = config["entrada:tools"] ?? {};
  const groups = teams(people);
  const names = Object.keys(groups);
  const apps = Object.fromEntries(
    Array.from({ length: Math.max(0, tools - Object.keys(given).length) }, (_, index) => [
      `app-${index + 1}`,
      app(index, names),
    ]),
  );
  return JSON.stringify({
    config: {
      ...config,
      "entrada:teams": { ...config["entrada:teams"], ...groups },
      "entrada:tools": { ...given, custom: apps },
      "entrada:proxy": {
        image: `contoso.azurecr.io/oauth2-proxy:v7.15.3-alpine@${DIGEST}`,
        // The managed Redis of the platform knows no users by name, which proxies need.
        redis: { host: "sessions.data.contoso.com" },
      },
    },
  });
}

function teams(people: number): Record<string, object> {
  const keys = Array.from({ length: people }, (_, index) => `person-${index + 1}`);
  return Object.fromEntries(
    Array.from({ length: Math.ceil(people / TEAM_SIZE) }, (_, index) => {
      const members = keys.slice(index * TEAM_SIZE, (index + 1) * TEAM_SIZE);
      return [`team-${index + 1}`, { owners: members.slice(0, 1), members }];
    }),
  );
}

/** One app; the teams take turns, so that all of them hold some role where there are enough apps. */
function app(index: number, names: readonly string[]): object {
  const held = (nth: number) => [names[(index * 3 + nth) % names.length] ?? ""];
  return {
    image: `contoso.azurecr.io/app-${index + 1}:1.0.0@${DIGEST}`,
    roles: {
      Admin: { description: "Runs the app.", admin: true },
      Author: "Writes and publishes.",
      Reader: "Reads everything.",
      Guest: "Reads what is published.",
    },
    access: { Admin: ["bi-admins"], Author: held(0), Reader: held(1), Guest: held(2) },
  };
}
