import { fileURLToPath } from "node:url";
import { SYSTEM_PATH } from "./system-path.ts";
import type { ImageFamily } from "./types.ts";

const NODE = "/opt/node/bin";
const APP = "/app";

/** The sample company's own web apps, which stand in `samples/`. */
export function sampleImages(): readonly ImageFamily[] {
  return [
    {
      repository: "reports",
      versions: ["1.4.0"],
      image: (version) => ({
        what: `the sample company's reports app ${version}`,
        prepare: async () => ({
          binds: [
            { from: process.execPath, to: `${NODE}/node` },
            { from: fileURLToPath(new URL("../samples/reports", import.meta.url)), to: APP },
          ],
          env: { PATH: `${NODE}:${SYSTEM_PATH}`, NODE_ENV: "production" },
          command: [`${NODE}/node`, `${APP}/server.mjs`],
          workingDirectory: APP,
        }),
      }),
    },
  ];
}
