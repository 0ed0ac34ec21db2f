import { reference } from "../declared.ts";
import { BLOCK } from "../grant-controls.ts";
import { EVERYBODY } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/** The named location of the countries where people work; no office can have the name. */
export const COUNTRIES = "countries";

/**
 * Nobody signs in from where nobody works. It keeps out the noise of password guessing, not somebody with a proxy in the
 * right country; addresses of no known country are outside
 * (https://learn.microsoft.com/entra/identity/conditional-access/policy-block-by-location).
 */
export const countries: Part = ({ settings, trustedOffices }) =>
  settings.countries.length === 0
    ? []
    : [
        {
          title: "Blocked outside the countries where people work",
          conditions: {
            users: EVERYBODY,
            locations: {
              includeLocations: ["All"],
              excludeLocations: [reference("location", COUNTRIES), ...trustedOffices],
            },
          },
          grant: BLOCK,
        },
      ];
