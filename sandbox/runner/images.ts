import { parseImage } from "../../model/settings/image.ts";
import { PYTHON_TOOLS } from "../../toolchain/python/locks.ts";
import { oauth2ProxyImages } from "./images/oauth2-proxy.ts";
import { pythonImages } from "./images/python.ts";
import { sampleImages } from "./images/samples.ts";
import type { ImageFamily, KnownImage } from "./images/types.ts";

export type { KnownImage, Program } from "./images/types.ts";

const families = (): readonly ImageFamily[] => [
  ...PYTHON_TOOLS.map(pythonImages),
  oauth2ProxyImages(),
  ...sampleImages(),
];

/**
 * What runs in the place of an image; undefined for an image that this machine cannot run. The repository's last part and
 * the tag decide: registry and digest are free, since nothing is pulled. As in the settings, a tag may go on behind the
 * version (`6.1.0-2`).
 */
export function knownImage(image: string): KnownImage | undefined {
  const { name, tag } = parseImage(image) ?? {};
  const version = /^v?(\d+\.\d+\.\d+)(?=$|[-_.+])/.exec(tag ?? "")?.[1];
  const family = families().find(({ repository }) => repository === name?.split("/").at(-1));
  return family?.versions.find((known) => known === version) ? family.image(version ?? "") : undefined;
}

/** The images that can be run, for messages. @example "airflow:3.3.2, oauth2-proxy:7.15.3, superset:6.1.0" */
export function describeKnownImages(): string {
  return families()
    .flatMap(({ repository, versions }) => versions.map((version) => `${repository}:${version}`))
    .join(", ");
}
