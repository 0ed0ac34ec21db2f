/** One resource to register, complete enough for its provider; nothing in it is real. */
export interface Example {
  /** Type token as the provider's SDK registers it. */
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** Property → name of the example of the same list whose `id` it takes. */
  readonly refs?: Readonly<Record<string, string>>;
}
