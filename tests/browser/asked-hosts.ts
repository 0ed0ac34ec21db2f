import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Company } from "./company.ts";

/** One host a line: the files of the suite are processes of their own, and the last one looks at what all of them saw. */
const fileOf = ({ sandbox }: Company) => join(sandbox.layout.logs, "browser-hosts.log");

/** Keeps which hosts the pages of a file's people asked for. */
export function noteHosts(company: Company, hosts: Iterable<string>): void {
  appendFileSync(fileOf(company), [...hosts].map((host) => `${host}\n`).join(""));
}

/** Every host that a page asked for so far, sorted. */
export function askedHosts(company: Company): string[] {
  const file = fileOf(company);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return [...new Set(lines.filter((line) => line !== ""))].sort();
}
