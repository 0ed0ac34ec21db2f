import { z } from "zod";
import { described } from "./described.ts";

const IMAGE =
  /^(?<registry>[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?)\/(?<name>[a-z0-9]+([._/-]+[a-z0-9]+)*):(?<tag>v?\d+\.\d+\.\d+[\w.-]{0,100})(@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** The parts of a pinned image. */
export interface ImageReference {
  /** Registry host, with its port if it has one. */
  readonly registry: string;
  /** Repository on the registry. */
  readonly name: string;
  readonly tag: string;
  /** `sha256:…`, where the image is pinned by content. */
  readonly digest?: string;
}

/** A container image, pinned to an exact version and, where wanted, to its content. */
export const image = described(z.string().regex(IMAGE), {
  description: "Container image on `registry`: an exact version, in prod with its digest (`…:6.1.0@sha256:…`).",
  allowed: "registry/name:version, pinned to three numbers, with @sha256:… in prod (never latest)",
  example: "contoso.azurecr.io/superset:6.1.0",
});

/** The parts of an image; undefined where it is not pinned. */
export function parseImage(text: string): ImageReference | undefined {
  const parts = IMAGE.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { registry = "", name = "", tag = "", digest } = parts;
  return { registry, name, tag, ...(digest === undefined ? {} : { digest }) };
}
