import { type Finding, resourceRule } from "../core/rule.ts";
import { type AirflowOptions, airflowEnvironment, airflowFile } from "./airflow.ts";
import { flaskSettings } from "./flask.ts";
import { hasSingleSignOn, isMetabase } from "./metabase.ts";
import { type OpenMetadataSettings, openMetadataEnvironment, openMetadataFile } from "./openmetadata.ts";
import { type ConfigFile, configFiles, type Process, processes, settingTypes, variable } from "./settings.ts";

type Report = (finding: Finding) => void;

/** Flask-AppBuilder's way in by OpenID Connect; the others ask for passwords or trust a header. */
const OAUTH = "AUTH_OAUTH";
/** Airflow's own manager: whatever it is set to, `POST /auth/token` takes a user's name and password. */
const plainFabManager = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager";
/** OpenMetadata's providers with passwords of their own, or without any. */
const passwordProviders = ["basic", "ldap", "no-auth", "noop"];

function checkFlask(file: ConfigFile, report: Report): void {
  const found = flaskSettings(file);
  if (found === undefined) return;
  const { path, settings } = found;
  const type = settings.get("AUTH_TYPE");
  if (type !== OAUTH) {
    report({ at: `${path} AUTH_TYPE`, found: type ?? "not set (passwords)", wanted: OAUTH });
  }
  const several = settings.get("AUTH_API_LOGIN_ALLOW_MULTIPLE_PROVIDERS");
  if (several !== undefined && several !== "False") {
    report({ at: `${path} AUTH_API_LOGIN_ALLOW_MULTIPLE_PROVIDERS`, found: several, wanted: "False" });
  }
  const publicRole = settings.get("AUTH_ROLE_PUBLIC");
  if (publicRole !== undefined && !/^(?:None|""|''|"Public"|'Public')$/.test(publicRole)) {
    report({ at: `${path} AUTH_ROLE_PUBLIC`, found: publicRole, wanted: "no role for people who have not signed in" });
  }
}

function checkAirflow(options: AirflowOptions | undefined, report: Report): void {
  const manager = options?.get("core.auth_manager");
  if (options === undefined || manager !== plainFabManager) return;
  const wanted = "a subclass of it whose tokens come from Entra";
  report({ at: options.at("core.auth_manager"), found: "FabAuthManager (takes passwords at /auth/token)", wanted });
}

function checkOpenMetadata(settings: OpenMetadataSettings | undefined, report: Report): void {
  const setting = "authenticationConfiguration.provider";
  if (settings === undefined) return;
  const provider = settings.text(setting);
  if (provider === undefined ? settings.has(setting) : !passwordProviders.includes(provider)) return;
  report({
    at: settings.at(setting),
    found: provider === undefined ? "not set" : JSON.stringify(provider),
    wanted: '"azure"',
  });
}

/** The open-source edition knows nothing but passwords; tools-behind-proxy looks at what stands in front of it. */
function checkMetabase(process: Process, report: Report): void {
  if (!isMetabase(process) || !hasSingleSignOn(process)) return;
  const name = "MB_ENABLE_PASSWORD_LOGIN";
  const setting = process.env.get(name);
  if (setting?.value.kind === "unknown" || variable(process, name) === "false") return;
  const found = setting === undefined ? `without ${name} (passwords on)` : JSON.stringify(variable(process, name));
  report({ at: setting?.path ?? `${process.path}.env`, found, wanted: `${name} "false"` });
}

/** Whoever signs in, Entra has signed in. */
export const noPasswordLogin = resourceRule(
  {
    name: "no-password-login",
    title: "No sign-in by password beside Entra's",
    what: "A tool that can sign people in with Entra takes no passwords of its own.",
    why: "A password in the tool has no second factor and no Conditional Access, and still opens it when the person has left. Scanners try the tools' login pages and APIs all day.",
    fix: "Set AUTH_TYPE = AUTH_OAUTH (Superset, Airflow), an auth manager that takes Entra's tokens (Airflow), MB_ENABLE_PASSWORD_LOGIN=false (Metabase), provider azure (OpenMetadata).",
    severity: "critical",
    url: "https://learn.microsoft.com/entra/identity/authentication/concept-mfa-howitworks",
    mappings: [{ framework: "mcsb", id: "IM-1" }],
  },
  {
    types: settingTypes,
    check(subject, report) {
      for (const file of configFiles(subject)) {
        checkFlask(file, report);
        checkAirflow(airflowFile(file), report);
        checkOpenMetadata(openMetadataFile(file), report);
      }
      for (const process of processes(subject)) {
        checkAirflow(airflowEnvironment(process), report);
        checkOpenMetadata(openMetadataEnvironment(process), report);
        checkMetabase(process, report);
      }
    },
  },
);
