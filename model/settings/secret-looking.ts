/**
 * Shapes of secrets that people paste into settings by mistake. A password of a few letters cannot be told from a name;
 * these can.
 */
const SHAPES: readonly RegExp[] = [
  // Entra client secrets: three characters, a digit, "Q~", then 31 or more.
  /[\w.~-]{3}\dQ~[\w.~-]{31,}/,
  // JSON Web Tokens.
  /eyJ[\w-]{8,}\.[\w-]{8,}/,
  // Private keys in PEM.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  // Connection strings, as key=value and as URLs with a password.
  /(accountkey|sharedaccesskey|password|pwd)\s*=\s*[^\s;]+/i,
  /:\/\/[^/\s:@]*:[^/\s@]+@/,
  // Tokens that carry their maker's mark: GitHub, Slack, AWS.
  /\b(gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abpr]-[\w-]{10,}|AKIA[A-Z0-9]{16})\b/,
];

/** Whether a text looks like a secret. */
export function looksSecret(text: string): boolean {
  return SHAPES.some((shape) => shape.test(text)) || (text.match(/[\w+/=~-]{32,}/g) ?? []).some(looksRandom);
}

/** A long unbroken run with capitals, small letters and digits all mixed: keys and tokens, but no ids, digests or host names. */
function looksRandom(run: string): boolean {
  const digits = run.match(/\d/g)?.length ?? 0;
  const capitals = run.match(/[A-Z]/g)?.length ?? 0;
  const small = run.match(/[a-z]/g)?.length ?? 0;
  const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(run);
  return !isGuid && digits >= 3 && capitals >= 4 && small >= 4;
}
