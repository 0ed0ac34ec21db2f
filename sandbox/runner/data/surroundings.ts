import type { IssuedCertificate } from "../../network/authority.ts";

/** What a server gets to work with. */
export interface ServerSurroundings {
  /** Its own folder that stays. */
  readonly folder: string;
  /** Its own folder for sockets and keys, closed to others. */
  readonly runtime: string;
  readonly logFile: string;
  /** Path of bubblewrap. */
  readonly bwrap: string;
  /** See `ServerOptions`. */
  readonly passwdFile: string;
  /** A new certificate under the name of its host. */
  certificate(): Promise<IssuedCertificate>;
  log(line: string): void;
}
