/** One of Entra's numbered errors. */
export interface AadstsEntry {
  /** OAuth 2.0 error name that goes with the number. */
  readonly error: string;
  /** What the token endpoint says in its place. Default: the same. */
  readonly tokenError?: string;
  /** What a client can do about it, in the token endpoint's answers. */
  readonly suberror?: string;
  /** HTTP status of the token endpoint's answer. */
  readonly status: 400 | 401;
  /** Microsoft's message; `{name}` stands for a value of the request. */
  readonly message: string;
  /** What to change, in one line. */
  readonly fix: string;
}

export function entry(error: string, status: 400 | 401, message: string, fix: string): AadstsEntry {
  return { error, status, message, fix };
}
