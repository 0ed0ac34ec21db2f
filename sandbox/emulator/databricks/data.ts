/** What Databricks remembers, as the emulator keeps it in the directory's file. */
export interface DatabricksData {
  /** The tenant's one account. */
  account: DatabricksAccount;
  /** By workspace id. */
  workspaces: Record<string, DatabricksWorkspace>;
  /** Unity Catalog: `<type>/<full name>` → principal → privileges. The keys are what exists. */
  securables: Record<string, Record<string, string[]>>;
}

export interface DatabricksAccount {
  id: string;
  /** Object ids in Entra of the account admins. */
  admins: string[];
  /** By number. Groups and people come from Entra; service principals may be Databricks' own. */
  principals: Record<string, DatabricksPrincipal>;
}

/** Somebody whom the account knows. */
export interface DatabricksPrincipal {
  id: string;
  kind: "group" | "service-principal" | "user";
  displayName: string;
  /** Object id in Entra; absent for what is Databricks' own. */
  externalId?: string;
  /** A service principal's client id. */
  applicationId?: string;
  active: boolean;
  policies?: Record<string, FederationPolicy>;
}

export interface FederationPolicy {
  uid: string;
  policyId: string;
  description?: string;
  issuer: string;
  audiences?: string[];
  subject: string;
  subjectClaim?: string;
  createTime: string;
  updateTime: string;
}

export interface AddressList {
  listId: string;
  label: string;
  listType: "ALLOW" | "BLOCK";
  addresses: string[];
  enabled: boolean;
  createdAt: number;
  updatedAt: number;
}

export interface DatabricksWorkspace {
  id: string;
  /** `adb-<id>.<number>.azuredatabricks.net` */
  host: string;
  /** Id in Azure Resource Manager. */
  resourceId: string;
  name: string;
  /** Principal id → USER or ADMIN. */
  assignments: Record<string, "ADMIN" | "USER">;
  /** Id of a group or service principal → its own entitlements. The workspace's groups `admins` and `users` are among them. */
  entitlements: Record<string, string[]>;
  /** Ids of the workspace's own groups. */
  groups: { admins: string; users: string };
  conf: Record<string, string>;
  addressLists: Record<string, AddressList>;
  /** Group or service principal → permission on personal access tokens. */
  tokenPermissions: { name: string; kind: "group" | "service-principal" | "user"; level: string }[];
  restrictAdmins: { status: string; etag: string };
}
