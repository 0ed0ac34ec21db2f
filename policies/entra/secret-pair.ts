import { leadsTo } from "../core/links.ts";
import { type Finding, type StackSubject, stackRule } from "../core/rule.ts";
import { known, text } from "../core/values.ts";

const application = "azuread:index/application:Application";
const password = "azuread:index/applicationPassword:ApplicationPassword";
const vaultSecret = "azure-native:keyvault:Secret";

interface Window {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** When a secret lives; undefined while the preview does not know it (app-secret-lifetime asks for both dates). */
function windowOf({ name, props }: StackSubject): Window | undefined {
  const start = Date.parse(text(props, "startDate") ?? "");
  const end = Date.parse(text(props, "endDate") ?? "");
  return Number.isNaN(start) || Number.isNaN(end) ? undefined : { name, start, end };
}

function day(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

function windowProblem(secrets: readonly StackSubject[]): Finding | undefined {
  const windows = secrets.flatMap((secret) => windowOf(secret) ?? []).sort((one, other) => one.start - other.start);
  const [older, newer] = windows;
  if (older === undefined || newer === undefined) return undefined;
  const at = "startDate";
  const wanted = "a second secret that starts while the first one lives";
  if (older.start === newer.start) return { at, found: `${day(older.start)} for both secrets`, wanted };
  if (newer.start < older.end) return undefined;
  return { at, found: `${day(newer.start)}, while "${older.name}" ends on ${day(older.end)}`, wanted };
}

/** Whether some vault secret of the stack holds this secret's value. */
function isInVault(secret: StackSubject, vaultSecrets: readonly StackSubject[]): boolean {
  const own = known(secret.props, "value");
  return vaultSecrets.some((one) => {
    if (leadsTo(one, "properties", secret, [])) return true;
    const kept = known(one.props, "properties.value");
    return own.kind === "value" && kept.kind === "value" && own.value === kept.value;
  });
}

/**
 * A client with secrets has two of them, one of which is always young enough, and both are in the vault. One resource's inputs
 * do not tell this, so it stops a preview.
 */
export const secretPair = stackRule(
  {
    name: "secret-pair",
    title: "Client secrets come in overlapping pairs, from the vault",
    what: "An application with client secrets has exactly two, whose lives overlap, and the value of each is in a key vault.",
    why: "With one secret a rotation breaks the sign-in of everybody until each pod has the new one, so it is put off until the secret ends. A third is one that nobody remembers; one that is in no vault was copied by hand.",
    fix: "Take both windows from the secret calendar, and put each secret's value into a vault secret of the stack.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
  },
  {
    types: [application, password, vaultSecret],
    needs: password,
    check(resources, report) {
      const passwords = resources.filter(({ type }) => type === password);
      const vaultSecrets = resources.filter(({ type }) => type === vaultSecret);
      for (const client of resources.filter(({ type }) => type === application)) {
        const secrets = passwords.filter((one) => leadsTo(one, "applicationId", client, ["objectId", "id"]));
        if (secrets.length === 0) continue;
        if (secrets.length !== 2) {
          const found = `used by ${secrets.length} client secret${secrets.length > 1 ? "s" : ""}`;
          report(client, { at: "id", found, wanted: "two secrets, which overlap" });
          continue;
        }
        const finding = windowProblem(secrets);
        if (finding) report(client, finding);
      }
      for (const secret of passwords) {
        if (isInVault(secret, vaultSecrets)) continue;
        report(secret, {
          at: "value",
          found: "in no vault secret of the stack",
          wanted: "a vault secret that takes it",
        });
      }
    },
  },
);
