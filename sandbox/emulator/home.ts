import type { Home } from "../../model/conditional-access/played.ts";
import { SANDBOX_ADDRESS } from "./databricks/address-lists.ts";
import type { Directory } from "./directory.ts";

/** Where somebody signs in from who plays no other place: as seeded, else the sandbox's own address in no known country. */
export function homeOf(data: Directory): Home {
  return data.home ?? { country: null, ipAddress: SANDBOX_ADDRESS };
}
