/** An image reference in full: `redis:8.2.1` is `docker.io/library/redis`, tag `8.2.1`. */
export interface ImageReference {
  /** Registry host and path, without tag and digest. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string | undefined;
}

/** Tags that are moved from release to release. */
const movingTags = new Set([
  "latest",
  "stable",
  "edge",
  "main",
  "master",
  "dev",
  "develop",
  "nightly",
  "current",
  "lts",
]);

/** Splits a reference the way container runtimes do, including Docker Hub's short names. Undefined when it is none. */
export function parseImage(image: string): ImageReference | undefined {
  const match = /^(?<name>[^@\s]+?)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/.exec(image);
  const name = match?.groups?.name;
  if (match === null || name === undefined) return undefined;
  const [first = "", ...rest] = name.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const repository = hasHost ? name : `docker.io/${rest.length > 0 ? name : `library/${name}`}`;
  return { repository, tag: match.groups?.tag, digest: match.groups?.digest };
}

/** Whether a tag names one release for good: not `latest` and its like, and not just `6` or `6.1`. */
export function isExactTag(tag: string): boolean {
  return !movingTags.has(tag.toLowerCase()) && !/^v?\d+(\.\d+)?$/.test(tag);
}
