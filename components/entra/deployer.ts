import { getClientConfigOutput } from "@pulumi/azuread/getClientConfig.js";
import * as pulumi from "@pulumi/pulumi";

/**
 * Object id of the identity that deploys.
 *
 * @param given what the settings say. Where somebody else previews than deploys, it has to be there: else each of them
 * would take the other off the owners, and every preview would show that.
 * @returns the given one, else the identity that runs the program
 */
export function deployerId(given: string | undefined, parent: pulumi.Resource): pulumi.Output<string> {
  return given === undefined ? getClientConfigOutput({ parent }).objectId : pulumi.output(given);
}
