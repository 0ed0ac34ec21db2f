import { ensureOauth2ProxyVersion, oauth2ProxyVersions } from "../../toolchain/oauth2-proxy.ts";
import { SYSTEM_PATH } from "./system-path.ts";
import type { ImageFamily } from "./types.ts";

// The official image has it in /bin. Here that is this machine's own folder, in which nothing can be put.
const FOLDER = "/opt/oauth2-proxy/bin";

/** oauth2-proxy's image, made of its Go module. */
export function oauth2ProxyImages(): ImageFamily {
  return {
    repository: "oauth2-proxy",
    versions: oauth2ProxyVersions(),
    image: (version) => ({
      what: `oauth2-proxy ${version} from its Go module`,
      prepare: async (options) => ({
        binds: [{ from: await ensureOauth2ProxyVersion(version, options), to: `${FOLDER}/oauth2-proxy` }],
        env: { PATH: `${FOLDER}:${SYSTEM_PATH}` },
        command: [`${FOLDER}/oauth2-proxy`],
        workingDirectory: "/",
      }),
    }),
  };
}
