import { type Finding, resourceRule } from "../core/rule.ts";
import { isLiteralText } from "../readers/python-settings.ts";
import { type AirflowOptions, airflowEnvironment, airflowFile } from "./airflow.ts";
import { flaskSettings } from "./flask.ts";
import { isMetabase } from "./metabase.ts";
import { type OpenMetadataSettings, openMetadataEnvironment, openMetadataFile } from "./openmetadata.ts";
import { type ConfigFile, configFiles, type Process, processes, settingTypes, variable } from "./settings.ts";

type Report = (finding: Finding) => void;

/** Keys that releases, charts and documents are published with: whoever has read them signs as the tool. */
const shippedKeys: readonly (readonly [string, string])[] = [
  ["Gb389a-9f76-gdjs-a92j-0242bk94356", "the key id of OpenMetadata's shipped key pair"],
  ["jJ/9sz0g0OHxsfxOoSfdFdmk3ysNmPRnH3TUAbz3IHA=", "OpenMetadata's shipped Fernet key"],
  ["CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET", "Superset's shipped secret key (CVE-2023-27524)"],
  ["thisISaSECRET_1234", "the secret key of Superset's chart (CVE-2023-27524)"],
  ["TEST_NON_DEV_SECRET", "the secret key of Superset's compose file (CVE-2023-27524)"],
  ["YOUR_OWN_RANDOM_GENERATED_SECRET_KEY", "the secret key of Superset's documents (CVE-2023-27524)"],
  ["thisismyscretkey", "Superset's first shipped secret key (CVE-2023-27524)"],
];

/** Commands that make a user with a password, who then signs in past Entra. */
const makesUser = /\bfab\s+create-(?:admin|user)\b|\bairflow\s+users\s+create\b/;

function checkText(at: string, text: string, report: Report): void {
  for (const [key, what] of shippedKeys) {
    if (text.includes(key)) report({ at, found: what, wanted: "a key of this environment, from the vault" });
  }
}

function checkCommands(at: string, text: string, report: Report): void {
  const command = makesUser.exec(text)?.[0];
  if (command) report({ at, found: `the command \`${command}\``, wanted: "people from Entra alone" });
}

function checkFlask(file: ConfigFile, report: Report): void {
  const found = flaskSettings(file);
  const key = found?.settings.get("SECRET_KEY");
  if (key === undefined || !isLiteralText(key)) return;
  report({ at: `${file.path} SECRET_KEY`, found: "a text in the file (not shown)", wanted: "a key from the vault" });
}

function checkAirflow(options: AirflowOptions | undefined, report: Report): void {
  if (options === undefined) return;
  const manager = options.get("core.auth_manager");
  if (manager?.endsWith("SimpleAuthManager") || (options.complete && !options.has("core.auth_manager"))) {
    const found =
      manager === undefined ? "not set (SimpleAuthManager, admin:admin)" : `${JSON.stringify(manager)} (admin:admin)`;
    report({ at: options.at("core.auth_manager"), found, wanted: "an auth manager that signs people in with Entra" });
  }
  if (/^true$/i.test(options.get("core.simple_auth_manager_all_admins") ?? "")) {
    const at = options.at("core.simple_auth_manager_all_admins");
    report({ at, found: "true (everybody is an administrator)", wanted: "nothing" });
  }
}

function checkOpenMetadata(settings: OpenMetadataSettings | undefined, report: Report): void {
  if (settings === undefined) return;
  const issuer = "jwtTokenConfiguration.jwtissuer";
  if (settings.text(issuer) === "open-metadata.org") {
    report({ at: settings.at(issuer), found: '"open-metadata.org"', wanted: "the tool's own address" });
  }
  const keyFile = "jwtTokenConfiguration.rsaprivateKeyFilePath";
  if (settings.text(keyFile)?.startsWith("./conf/")) {
    report({ at: settings.at(keyFile), found: "the shipped key pair", wanted: "a key pair of this environment" });
  }
  const admins = "authorizerConfiguration.adminPrincipals";
  const shipped = settings.list(admins).find((name) => name === "admin" || name.endsWith("@open-metadata.org"));
  if (shipped !== undefined) {
    report({ at: settings.at(admins), found: JSON.stringify(shipped), wanted: "no shipped account" });
  }
}

function checkProcess(process: Process, report: Report): void {
  for (const { path, value } of process.env.values()) {
    if (value.kind === "value") checkText(path, String(value.value), report);
  }
  const words = process.words.map(({ text }) => text).join(" ");
  checkCommands(process.words[0]?.path ?? process.path, words, report);
  if (/^true$/i.test(variable(process, "_AIRFLOW_WWW_USER_CREATE") ?? "")) {
    report({ at: process.env.get("_AIRFLOW_WWW_USER_CREATE")?.path ?? process.path, found: "true", wanted: "nothing" });
  }
  checkAirflow(airflowEnvironment(process), report);
  checkOpenMetadata(openMetadataEnvironment(process), report);
  if (!isMetabase(process)) return;
  const database = process.env.get("MB_DB_TYPE");
  if (database?.value.kind === "unknown" || (database?.value.kind === "value" && database.value.value !== "h2")) return;
  const found = database === undefined ? "without MB_DB_TYPE (a file in the pod)" : '"h2" (a file in the pod)';
  report({ at: database?.path ?? `${process.path}.env`, found, wanted: "a database server" });
}

/** What a tool is published with, everybody has: keys, accounts, and settings that are there for trying out. */
export const noShippedDefaults = resourceRule(
  {
    name: "no-shipped-defaults",
    title: "No tool runs with what it is shipped with",
    what: "No tool has a published key, an account that a release brings or a command makes, or a database meant for trying out.",
    why: "Published keys sign sessions and tokens for anybody: with Superset's default key a stranger was an administrator in one request (CVE-2023-27524). Accounts made at the start have known passwords, and pass Entra, its second factor and Conditional Access by.",
    fix: "Take keys from the vault, and let people in through Entra alone.",
    severity: "critical",
    url: "https://nvd.nist.gov/vuln/detail/CVE-2023-27524",
  },
  {
    types: settingTypes,
    check(subject, report) {
      for (const file of configFiles(subject)) {
        checkText(file.path, file.text, report);
        if (file.name.endsWith(".sh")) checkCommands(file.path, file.text, report);
        checkFlask(file, report);
        checkAirflow(airflowFile(file), report);
        checkOpenMetadata(openMetadataFile(file), report);
      }
      for (const process of processes(subject)) checkProcess(process, report);
    },
  },
);
