import type { ToolchainOptions } from "../../toolchain/index.ts";

/** What an image holds, as paths of this machine and where the image has them. */
export interface Program {
  /** Files and folders to be seen read-only, beside /usr and a small /etc of this machine. */
  readonly binds: readonly { readonly from: string; readonly to: string }[];
  /** What the image's own ENV says. */
  readonly env: Readonly<Record<string, string>>;
  /** What the image starts where the pod gives no command. Empty: the pod's arguments alone are the command. */
  readonly command: readonly string[];
  readonly workingDirectory: string;
}

/** An image whose programs this machine can have without a registry of images. */
export interface KnownImage {
  /** For people. @example "Superset 6.1.0 from its Python packages" */
  readonly what: string;
  /** Gets the programs, once; later only looks them up. @throws ToolchainError that says what is missing */
  prepare(options: ToolchainOptions): Promise<Program>;
}

/** The versions of one repository that can be run, newest first. */
export interface ImageFamily {
  /** Last part of the repository's name. */
  readonly repository: string;
  readonly versions: readonly string[];
  image(version: string): KnownImage;
}
