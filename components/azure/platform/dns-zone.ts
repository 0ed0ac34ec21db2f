import { RecordSet } from "@pulumi/azure-native/dns/recordSet.js";
import { Zone } from "@pulumi/azure-native/dns/zone.js";
import * as pulumi from "@pulumi/pulumi";
import { WorkloadIdentity } from "../workload-identity.ts";
import type { Existing, Place } from "./place.ts";
import { grantRole, ROLES } from "./role.ts";

/** Service account of cert-manager, as its chart names it. */
const CERT_MANAGER = { namespace: "cert-manager", name: "cert-manager" };

export interface PlatformDnsArgs {
  readonly place: Place;
  /** Domain of the tools' hosts. @example "data.contoso.com" */
  readonly domain: string;
  /** Authorities that may issue certificates for a zone that is made, or the zone that others keep. */
  readonly zone: { readonly authorities: readonly string[] } | Existing;
  /** Issuer of the cluster's service-account tokens, where its cert-manager may prove the domain; absent: nobody may. */
  readonly oidcIssuer?: pulumi.Input<string>;
}

/** The public zone of the tools' domain, who may issue certificates for it, and the identity with which cert-manager proves it. */
export class PlatformDns extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  /** Servers to name in the parent's zone; empty where others keep the zone. */
  readonly nameServers: pulumi.Output<string[]>;
  /** Client id for cert-manager's solver; undefined where nobody may prove the domain. */
  readonly certManagerClientId: pulumi.Output<string> | undefined;

  constructor(name: string, args: PlatformDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:platform:Dns", name, {}, opts);
    const { place, domain, zone, oidcIssuer } = args;
    if ("existing" in zone) {
      this.zoneId = pulumi.output(zone.existing);
      this.nameServers = pulumi.output([]);
    } else {
      const made = this.make(name, place, domain, zone.authorities);
      this.zoneId = made.id;
      this.nameServers = made.nameServers;
    }
    this.certManagerClientId = oidcIssuer === undefined ? undefined : this.certManager(name, args, oidcIssuer);
    this.registerOutputs({ zoneId: this.zoneId });
  }

  private make(name: string, place: Place, zoneName: string, authorities: readonly string[]): Zone {
    const { resourceGroupName, protect } = place;
    const zone = new Zone(
      name,
      { zoneName, resourceGroupName, location: "global", zoneType: "Public" },
      { parent: this, protect },
    );
    new RecordSet(
      `${name}-authorities`,
      {
        zoneName: zone.name,
        resourceGroupName,
        recordType: "CAA",
        relativeRecordSetName: "@",
        ttl: 3600,
        caaRecords: authorities.map((value) => ({ flags: 0, tag: "issue", value })),
      },
      { parent: this },
    );
    return zone;
  }

  private certManager(name: string, { place }: PlatformDnsArgs, issuer: pulumi.Input<string>): pulumi.Output<string> {
    const { environment, resourceGroupName, location, subscriptionId } = place;
    const identity = new WorkloadIdentity(
      `${name}-cert-manager`,
      {
        identityName: `id-cert-manager-${environment}`,
        resourceGroupName,
        location,
        issuer,
        serviceAccounts: [CERT_MANAGER],
      },
      { parent: this },
    );
    grantRole(
      `${name}-cert-manager-zone`,
      {
        subscriptionId,
        scope: this.zoneId,
        scopeName: environment,
        role: ROLES.dnsZoneContributor,
        principalId: identity.principalId,
        principalType: "ServicePrincipal",
      },
      { parent: this },
    );
    return identity.clientId;
  }
}
