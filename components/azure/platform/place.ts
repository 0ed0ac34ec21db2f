import type * as pulumi from "@pulumi/pulumi";

/** Where the platform's resources lie, and how they are told apart. */
export interface Place {
  /** Last part of the resources' names. @example "prod" */
  readonly environment: string;
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. @example "westeurope" */
  readonly location: string;
  readonly subscriptionId: string;
  /** Whether Pulumi refuses to delete what cannot be made again as it was. */
  readonly protect: boolean;
}

/** A resource that others keep, by its Azure resource id. */
export interface Existing {
  readonly existing: string;
}

/** Whether a part of the platform is there already. */
export function isExisting<T extends object>(part: T | Existing): part is Existing {
  return "existing" in part;
}
