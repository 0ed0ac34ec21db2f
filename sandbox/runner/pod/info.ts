import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";

/** Place of bubblewrap's `--info-fd` among a child's files. */
export const INFO_FD = 3;

/**
 * The process that bubblewrap started, by its id on this machine, from what it writes to its information file.
 * @param said what it has written where its errors go, when that is no pipe
 * @throws Error with what it said when it ended before.
 */
export function readInfo(child: ChildProcess, said = () => ""): Promise<number> {
  const pipe = child.stdio[INFO_FD] as Readable;
  return new Promise((resolve, reject) => {
    let text = "";
    let complained = "";
    const hear = (chunk: Buffer) => {
      complained += chunk;
    };
    child.stderr?.on("data", hear);
    child.once("error", reject);
    pipe.on("data", (chunk) => {
      text += chunk;
    });
    pipe.once("end", () => {
      const found = /"child-pid"\s*:\s*(\d+)/.exec(text)?.[1];
      if (found !== undefined) {
        child.stderr?.off("data", hear);
        resolve(Number(found));
        return;
      }
      const refused = () =>
        reject(
          new Error(
            `This system does not let bubblewrap make a namespace: ${complained.trim() || said() || "it said nothing"}. It needs Linux with user namespaces open to this user.`,
          ),
        );
      if (child.exitCode !== null) refused();
      else child.once("close", refused);
    });
  });
}
