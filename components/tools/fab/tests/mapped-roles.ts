/** Roles that a tool built on Flask-AppBuilder gives for each app role of people, and for somebody without one. */
export interface MappedRoles {
  readonly roles: Readonly<Record<string, readonly string[] | null>>;
  readonly unmapped: readonly string[] | null;
}
