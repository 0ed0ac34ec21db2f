import * as pulumi from "@pulumi/pulumi";

/** Any resource by its type token, without its provider's library. */
export class Resource extends pulumi.CustomResource {}

/** Any explicit provider by its package name. */
export class Provider extends pulumi.ProviderResource {}
