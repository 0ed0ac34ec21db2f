import { type Finding, resourceRule } from "../core/rule.ts";
import { known } from "../core/values.ts";
import { goDurationSeconds, showSeconds } from "../readers/durations.ts";
import { parseJson } from "../readers/json.ts";
import { type AirflowOptions, airflowEnvironment, airflowFile } from "./airflow.ts";
import { flaskSettings } from "./flask.ts";
import { isMetabase } from "./metabase.ts";
import { type ProxySettings, proxyFile } from "./oauth2-proxy.ts";
import { openMetadataFile } from "./openmetadata.ts";
import { type ConfigFile, configFiles, type Process, processes, settingTypes } from "./settings.ts";

type Report = (finding: Finding) => void;

interface Bounds {
  readonly maxSeconds: number;
  readonly revocationSeconds: number;
}

/** Reports a lifetime that is not set (then the tool's own default holds), not a number, zero (no end) or too long. */
function check(at: string, seconds: number | undefined, whenAbsent: string, max: number, report: Report): void {
  const wanted = `at most ${showSeconds(max)}`;
  if (seconds === undefined) report({ at, found: `not set (${whenAbsent})`, wanted });
  else if (Number.isNaN(seconds) || seconds <= 0) report({ at, found: "no length of time", wanted });
  else if (seconds > max) report({ at, found: showSeconds(seconds), wanted });
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Superset reads its lifetime from `settings.json`, in which Entrada writes `session.lifetimeSeconds`. */
function checkSettings({ name, path, text }: ConfigFile, { maxSeconds }: Bounds, report: Report): void {
  const lifetime = name === "settings.json" ? known(parseJson(text), "session.lifetimeSeconds") : undefined;
  if (lifetime?.kind !== "value") return;
  check(`${path} session.lifetimeSeconds`, Number(lifetime.value), "", maxSeconds, report);
}

function checkFlask(file: ConfigFile, { maxSeconds }: Bounds, report: Report): void {
  const found = flaskSettings(file);
  // Airflow's sessions are set in airflow.cfg.
  if (found?.tool !== "superset") return;
  const { path, settings } = found;
  const lifetime = settings.get("PERMANENT_SESSION_LIFETIME");
  const at = `${path} PERMANENT_SESSION_LIFETIME`;
  const [, unit = "", amount] = /^timedelta\((days|hours|minutes|seconds)=(\d+)\)$/.exec(lifetime ?? "") ?? [];
  const perUnit: Readonly<Record<string, number>> = { days: 86_400, hours: 3600, minutes: 60, seconds: 1 };
  if (lifetime === undefined) check(at, undefined, "31 days", maxSeconds, report);
  // Another expression takes its number from settings.json, which is looked at by itself.
  else if (amount !== undefined) check(at, Number(amount) * (perUnit[unit] ?? 0), "", maxSeconds, report);
  if (settings.get("SESSION_COOKIE_SECURE") === "True") return;
  report({
    at: `${path} SESSION_COOKIE_SECURE`,
    found: settings.get("SESSION_COOKIE_SECURE") ?? "not set (off)",
    wanted: "True",
  });
}

function checkAirflow(options: AirflowOptions | undefined, { maxSeconds }: Bounds, report: Report): void {
  if (options === undefined) return;
  const rules: readonly (readonly [string, number, string])[] = [
    ["fab.session_max_lifetime_minutes", 60, "no end while it is used"],
    ["api_auth.jwt_expiration_time", 1, "24h"],
  ];
  for (const [option, unit, whenAbsent] of rules) {
    const value = numberOf(options.get(option));
    if (value === undefined && (options.has(option) || !options.complete)) continue;
    check(options.at(option), value === undefined ? undefined : value * unit, whenAbsent, maxSeconds, report);
  }
  const secure = options.get("fab.cookie_secure");
  if (secure === undefined ? options.complete : !/^true$/i.test(secure)) {
    report({ at: options.at("fab.cookie_secure"), found: secure ?? "not set (off)", wanted: "True" });
  }
}

function checkOpenMetadata(file: ConfigFile, { maxSeconds }: Bounds, report: Report): void {
  const settings = openMetadataFile(file);
  if (settings === undefined) return;
  const own = "authenticationConfiguration.sessionExpiry";
  check(settings.at(own), settings.number(own), "7 days", maxSeconds, report);
  const oidc = "authenticationConfiguration.oidcConfiguration";
  const inner = `${oidc}.sessionExpiry`;
  if (settings.has(oidc)) check(settings.at(inner), settings.number(inner), "7 days", maxSeconds, report);
}

function checkMetabase(process: Process, { maxSeconds }: Bounds, report: Report): void {
  const age = process.env.get("MAX_SESSION_AGE");
  if (!isMetabase(process) || age?.value.kind === "unknown") return;
  const minutes = age?.value.kind === "value" ? Number(age.value.value) : undefined;
  const seconds = minutes === undefined ? undefined : minutes * 60;
  check(age?.path ?? `${process.path}.env MAX_SESSION_AGE`, seconds, "14 days", maxSeconds, report);
}

function checkProxy(settings: ProxySettings | undefined, bounds: Bounds, report: Report): void {
  if (settings === undefined) return;
  // With a federated token a refused refresh passes for a renewal once (oauth2-proxy 7.15.3): two lifetimes have to fit.
  const renewed =
    settings.get("entra_id_federated_token_auth") === true ? bounds.revocationSeconds / 2 : bounds.maxSeconds;
  const times: readonly (readonly [string, number, string])[] = [
    ["cookie_refresh", bounds.revocationSeconds, "Entra is never asked again"],
    ["cookie_expire", Math.min(renewed, bounds.maxSeconds), "7 days"],
  ];
  for (const [name, max, whenAbsent] of times) {
    const value = settings.get(name);
    const seconds =
      typeof value === "string"
        ? (goDurationSeconds(value) ?? Number.NaN)
        : value === undefined
          ? undefined
          : Number.NaN;
    check(settings.at(name), seconds, whenAbsent, max, report);
  }
}

/** Who was let go is out soon: sessions end, and the proxy asks again before that. */
export const sessionBounded = resourceRule<Bounds>(
  {
    name: "session-bounded",
    title: "Sessions end as soon as the settings say",
    what: "No sign-in lasts longer than `sessions.maximum`, its cookie travels over TLS only, and the identity-aware proxy asks Entra again within `sessions.revocation`.",
    why: "A session knows nothing of Entra: whoever is disabled, or loses a team, keeps what he had until it ends. Left to themselves Superset's last 31 days, Metabase's 14, OpenMetadata's and the proxy's 7; Airflow's never end while a tab is open.",
    fix: "Set the lifetime from the settings, and cookies to secure; for oauth2-proxy cookie_refresh and cookie_expire.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes",
    mappings: [{ framework: "cis-m365", id: "5.2.2.4", note: "asks it of administrators' sign-ins" }],
  },
  {
    types: settingTypes,
    config: {
      maxSeconds: {
        type: "integer",
        minimum: 60,
        default: 28_800,
        description: "Longest life of a session, in seconds (`sessions.maximum`).",
      },
      revocationSeconds: {
        type: "integer",
        minimum: 60,
        default: 3600,
        description: "Longest time until the proxy asks Entra again, in seconds (`sessions.revocation`).",
      },
    },
    check(subject, report, bounds) {
      for (const file of configFiles(subject)) {
        checkSettings(file, bounds, report);
        checkFlask(file, bounds, report);
        checkAirflow(airflowFile(file), bounds, report);
        checkOpenMetadata(file, bounds, report);
        checkProxy(proxyFile(file), bounds, report);
      }
      for (const process of processes(subject)) {
        checkAirflow(airflowEnvironment(process), bounds, report);
        checkMetabase(process, bounds, report);
      }
    },
  },
);
