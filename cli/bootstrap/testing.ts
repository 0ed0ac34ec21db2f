import { armWorld } from "../../sandbox/emulator/arm/testing.ts";
import { SUBSCRIPTION } from "../../sandbox/emulator/testing.ts";
import type { BootstrapPlace } from "../commands/bootstrap.ts";
import type { ArmAnswer } from "./arm.ts";

/** The sandbox's Azure in this process, with a count of what is sent to it. */
export function azureInProcess(root: string) {
  const world = armWorld();
  const sent: string[] = [];
  let as = "deployer";
  const place: BootstrapPlace = {
    root,
    connect: async () => ({
      caller: {
        objectId: as === "deployer" ? world.deployer.objectId : world.person(as),
        type: as === "deployer" ? "ServicePrincipal" : "User",
      },
      send: async (method, path, body): Promise<ArmAnswer> => {
        sent.push(`${method} ${path.split("?")[0]}`);
        return world.arm(method, path, body, as);
      },
    }),
    wait: async (milliseconds) => world.wait(milliseconds),
  };
  return {
    world,
    place,
    /** Method and path of what was sent and changes something. */
    writes: () => sent.filter((line) => !line.startsWith("GET ")),
    /** Lets somebody else run the command. */
    actAs: (name: string) => {
      as = name;
    },
    subscription: SUBSCRIPTION,
  };
}
