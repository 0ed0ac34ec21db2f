import type { BaselinePart } from "../declared.ts";
import { admins } from "./admins.ts";
import { countries } from "./countries.ts";
import { deviceCode } from "./device-code.ts";
import { devices } from "./devices.ts";
import { guests } from "./guests.ts";
import { legacyClients } from "./legacy-clients.ts";
import { mfa } from "./mfa.ts";
import type { Part } from "./part.ts";
import { platforms } from "./platforms.ts";
import { frequency } from "./sign-in-frequency.ts";
import { signInRisk } from "./sign-in-risk.ts";
import { userRisk } from "./user-risk.ts";

/** Every part of the baseline for data tools. */
export const PARTS: Readonly<Record<BaselinePart, Part>> = {
  mfa,
  admins,
  "legacy-clients": legacyClients,
  "device-code": deviceCode,
  countries,
  devices,
  "sign-in-frequency": frequency,
  "sign-in-risk": signInRisk,
  "user-risk": userRisk,
  guests,
  platforms,
};
