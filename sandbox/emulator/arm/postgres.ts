import { z } from "zod";
import { childResourceRoutes } from "./child-resource.ts";
import { ArmError, armBadRequest, armNotImplemented } from "./errors.ts";
import { asyncOperationHeaders } from "./operations.ts";
import { plainResourceRoutes } from "./plain-resource.ts";
import { type ArmRequest, type ArmRoute, location, tags } from "./request.ts";
import { POSTGRES_TYPE } from "./types.ts";

const PROVIDER = "Microsoft.DBforPostgreSQL";
const going = (request: ArmRequest, region: string) => asyncOperationHeaders(request, region, PROVIDER);
const enabled = z.enum(["Enabled", "Disabled"]);
/** Empty, as azure-native sends it, stands for any. */
const zone = z.enum(["", "1", "2", "3"]).optional();
const TIERS = { B: "Burstable", D: "GeneralPurpose", E: "MemoryOptimized" } as const;

const serverProperties = z.strictObject({
  version: z.enum(["11", "12", "13", "14", "15", "16", "17", "18"]),
  administratorLogin: z
    .string()
    .regex(
      /^(?!(azure_superuser|azure_pg_admin|admin|administrator|root|guest|public)$)[a-z_][a-z0-9_]{0,62}$/i,
      "is reserved or invalid",
    )
    .optional(),
  administratorLoginPassword: z.string().min(8).max(128).optional(),
  availabilityZone: zone,
  createMode: z.enum(["Create", "Default", "Update"]).optional(),
  storage: z.strictObject({
    storageSizeGB: z.literal([32, 64, 128, 256, 512, 1024, 2048, 4096]),
    autoGrow: enabled.default("Disabled"),
    type: z.literal("Premium_LRS").optional(),
  }),
  backup: z
    .strictObject({
      backupRetentionDays: z.int().min(7).max(35).default(7),
      geoRedundantBackup: enabled.default("Disabled"),
    })
    .prefault({}),
  highAvailability: z
    .strictObject({
      mode: z.enum(["Disabled", "SameZone", "ZoneRedundant"]).default("Disabled"),
      standbyAvailabilityZone: zone,
    })
    .prefault({}),
  network: z.strictObject({ publicNetworkAccess: enabled.default("Enabled") }).prefault({}),
  authConfig: z
    .strictObject({
      activeDirectoryAuth: enabled.default("Disabled"),
      passwordAuth: enabled.default("Enabled"),
      tenantId: z.string().optional(),
    })
    .prefault({}),
});

/** https://learn.microsoft.com/rest/api/postgresql/servers: backups' place, version and first administrator stay as they were made. */
const servers = plainResourceRoutes({
  type: POSTGRES_TYPE,
  name: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  body: z.strictObject({
    location,
    tags,
    sku: z.strictObject({ name: z.string().regex(/^Standard_[BDE]\d+/), tier: z.enum(Object.values(TIERS)) }),
    properties: serverProperties,
  }),
  properties: (_request, { properties, sku }, before, id) => {
    const { administratorLoginPassword, ...kept } = properties;
    const family = sku.name.charAt("Standard_".length) as keyof typeof TIERS;
    if (TIERS[family] !== sku.tier)
      throw armBadRequest(`The size ${sku.name} is not of the tier ${sku.tier}.`, "InvalidSku");
    if (sku.tier === "Burstable" && kept.highAvailability.mode !== "Disabled") {
      throw armBadRequest(
        "High availability is not supported for the Burstable tier.",
        "HANotSupportedForBurstableTier",
      );
    }
    const { activeDirectoryAuth, passwordAuth } = kept.authConfig;
    if (activeDirectoryAuth === "Disabled" && passwordAuth === "Disabled") {
      throw armBadRequest("At least one way of authentication must be enabled.", "InvalidParameterValue");
    }
    if (before === undefined) {
      const named = kept.administratorLogin !== undefined && administratorLoginPassword !== undefined;
      if (passwordAuth === "Enabled" && !named) {
        throw armBadRequest(
          "Parameters administratorLogin and administratorLoginPassword are required.",
          "MissingParameter",
        );
      }
    } else {
      refuseChange(before.properties as unknown as z.output<typeof serverProperties>, kept);
    }
    const name = id.slice(id.lastIndexOf("/") + 1);
    return {
      ...kept,
      fullyQualifiedDomainName: `${name}.postgres.database.azure.com`,
      state: "Ready",
      minorVersion: "1",
      replicationRole: "Primary",
    };
  },
  creating: (request, { location: region }) => going(request, region),
  deleted: (request, { location: region }) => ({ status: 202, headers: going(request, region ?? "") }),
});

type Kept = Omit<z.output<typeof serverProperties>, "administratorLoginPassword">;

function refuseChange(old: Kept, asked: Kept): void {
  if (asked.storage.storageSizeGB < old.storage.storageSizeGB) {
    throw armBadRequest("The storage of a server cannot shrink.", "StorageSizeDownscaleNotSupported");
  }
  if (asked.backup.geoRedundantBackup !== old.backup.geoRedundantBackup) {
    throw armBadRequest(
      "Geo-redundant backup can be chosen at the creation only.",
      "GeoRedundantBackupUpdateNotAllowed",
    );
  }
  if (asked.administratorLogin !== undefined && asked.administratorLogin !== old.administratorLogin) {
    throw armBadRequest("The administrator's name cannot be changed.", "InvalidParameterValue");
  }
  if (Number(asked.version) < Number(old.version)) {
    throw armBadRequest("A server's version cannot be lowered.", "InvalidParameterValue");
  }
}

/** A server takes one change at a time. */
const busy = (id: string) =>
  new ArmError(
    409,
    "ServerIsBusy",
    `Cannot complete operation while server '${id}' is busy processing another operation. Try again later.`,
  );

const databases = childResourceRoutes({
  type: `${POSTGRES_TYPE}/databases`,
  parent: POSTGRES_TYPE,
  name: /^[A-Za-z_][\w-]{0,62}$/,
  busy,
  body: z.strictObject({
    properties: z
      .strictObject({ charset: z.string().default("UTF8"), collation: z.string().default("en_US.utf8") })
      .prefault({}),
  }),
  properties: (_request, { properties }, { before }) => {
    if (before !== undefined && JSON.stringify(before.properties) !== JSON.stringify(properties)) {
      throw armBadRequest("Charset and collation of a database cannot be changed.", "InvalidParameterValue");
    }
    return properties;
  },
  creating: (request, parent) => going(request, parent.location ?? ""),
});

const administrators = childResourceRoutes({
  type: `${POSTGRES_TYPE}/administrators`,
  parent: POSTGRES_TYPE,
  name: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  busy,
  body: z.strictObject({
    properties: z.strictObject({
      principalName: z.string().min(1),
      principalType: z.enum(["User", "Group", "ServicePrincipal"]),
      tenantId: z.string().min(1),
    }),
  }),
  properties: (request, { properties }, { parent, id }) => {
    if ((parent.properties as unknown as Kept).authConfig.activeDirectoryAuth !== "Enabled") {
      throw armBadRequest("Microsoft Entra authentication is not enabled for the server.", "AadAuthNotEnabled");
    }
    const objectId = id.slice(id.lastIndexOf("/") + 1).toLowerCase();
    const { groups, users, servicePrincipals } = request.data;
    const known = { Group: groups, User: users, ServicePrincipal: servicePrincipals }[properties.principalType];
    if (!Object.hasOwn(known, objectId)) {
      throw armBadRequest(
        `No ${properties.principalType} of Microsoft Entra has the id '${objectId}'.`,
        "InvalidPrincipal",
      );
    }
    return { ...properties, objectId };
  },
  creating: (request, parent) => going(request, parent.location ?? ""),
});

/** Parameters that the platform sets, with what a new server has. */
const PARAMETERS: Readonly<Record<string, string>> = {
  "azure.extensions": "",
  require_secure_transport: "on",
  ssl_min_protocol_version: "TLSv1.2",
};

const parameter = (name: string): string => {
  const value = PARAMETERS[name];
  if (value === undefined) throw armNotImplemented(`the PostgreSQL parameter '${name}'`);
  return value;
};

const configurations = childResourceRoutes({
  type: `${POSTGRES_TYPE}/configurations`,
  parent: POSTGRES_TYPE,
  name: /^[\w.]+$/,
  busy,
  lasting: true,
  unwritten: (name) => ({ value: parameter(name), defaultValue: parameter(name), source: "system-default" }),
  body: z.strictObject({
    properties: z.strictObject({ value: z.string(), source: z.enum(["user-override", "system-default"]).optional() }),
  }),
  properties: (_request, { properties }, { id }) => {
    const defaultValue = parameter(id.slice(id.lastIndexOf("/") + 1));
    return { value: properties.value, defaultValue, source: properties.source ?? "user-override" };
  },
  creating: (request, parent) => going(request, parent.location ?? ""),
});

export const postgresRoutes: readonly ArmRoute[] = [...servers, ...databases, ...administrators, ...configurations];
