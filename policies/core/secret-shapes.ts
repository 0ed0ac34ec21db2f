interface Shape {
  readonly name: string;
  readonly pattern: RegExp;
}

/** `{password}`, `${PASSWORD}`, `%s`, `<password>`, `***`: a place for a password, not a password. */
const notPlaceholder = "(?![{$%<*(])";

/**
 * Forms by which secrets can be told from other text. Each is narrow: a rule that cries at every long text would be switched
 * off. Order matters only for the name in the message.
 */
const shapes: readonly Shape[] = [
  { name: "a private key", pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/ },
  { name: "an Entra client secret", pattern: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])/ },
  { name: "a signed token (JWT)", pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/ },
  { name: "a shared access signature", pattern: /[?&;](?:sig|signature)=(?:[\w+/-]|%[0-9A-Fa-f]{2}){40,}/i },
  { name: "a storage or service key", pattern: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==(?![A-Za-z0-9+/=])/ },
  { name: "a shared access key", pattern: /\b(?:Account|SharedAccess|Shared)Key=[A-Za-z0-9+/]{20,}={0,2}/i },
  {
    name: "a connection string with a password",
    pattern: new RegExp(String.raw`\b[a-z][a-z0-9+.-]*://[^\s/:@"']*:${notPlaceholder}[^\s/@"'{}]+@`, "i"),
  },
  {
    name: "a connection string with a password",
    pattern: new RegExp(
      String.raw`\b(?:server|host|data source|endpoint)\s*=[^\n]*\b(?:password|pwd)\s*=\s*${notPlaceholder}[^;\s"']+`,
      "i",
    ),
  },
  { name: "a GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/ },
  { name: "an Azure DevOps token", pattern: /\b(?:[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|[a-z2-7]{52})\b/ },
  { name: "a Databricks token", pattern: /\bdapi[0-9a-f]{32}\b/ },
];

/** What kind of secret a text holds, if any. The text itself never leaves this function. */
export function secretKind(text: string): string | undefined {
  return shapes.find(({ pattern }) => pattern.test(text))?.name;
}

const secretName =
  /(?:^|[_.-])(?:PASSWORD|PASSWD|PWD|SECRET|SECRET_?KEY|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|TOKEN|CREDENTIALS?|CONNECTION_?STRING)$/i;
/** A path, a switch, a number or a reference to another variable: things that settings with such names do hold. */
const harmless = /^(?:\/\S*|true|false|\d*|\$\([\w.-]+\)|\$\{\w+\})$/i;

/** Whether a setting is called after a secret and holds a plain value: `DATABASE_PASSWORD` with anything but a path in it. */
export function isNamedSecret(name: string, text: string): boolean {
  return secretName.test(name) && !harmless.test(text.trim());
}
