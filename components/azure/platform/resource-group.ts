import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";

export interface PlatformGroupArgs {
  /** Name of the group to make, or of one that exists. @example "rg-platform-prod" @example { existing: "rg-data" } */
  readonly group: string | { readonly existing: string };
  /** Azure region. */
  readonly location: string;
  /** Whether Pulumi refuses to delete the group. */
  readonly protect: boolean;
}

/** The resource group of the platform. */
export class PlatformGroup extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: PlatformGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:platform:Group", name, {}, opts);
    const { group, location, protect } = args;
    this.name =
      typeof group === "string"
        ? new ResourceGroup(name, { resourceGroupName: group, location }, { parent: this, protect }).name
        : pulumi.output(group.existing);
    this.registerOutputs({ name: this.name });
  }
}
