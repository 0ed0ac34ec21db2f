/** A right that a workflow's identity holds, and why it cannot do without. */
interface Right {
  /** Name as Microsoft's documentation has it. */
  readonly name: string;
  /** Id of the app role at Microsoft Graph, or of Azure's built-in role; the same in every tenant. */
  readonly id: string;
  readonly why: string;
}

/** An application permission at Microsoft Graph (https://learn.microsoft.com/graph/permissions-reference). */
export interface GraphPermission extends Right {}

/** A role of Azure, built in (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
export interface AzureRole extends Right {
  readonly scope: Scope;
  /** Name → id of the only roles that the holder may hand on, to service principals and groups alone. */
  readonly handsOn?: Readonly<Record<string, string>>;
  /** What a role of our own allows, where no built-in one fits; the identities' program makes it. */
  readonly allows?: RoleActions;
}

/** Actions as Azure's role definitions have them; those of the data plane, here the cluster's API, stand apart. */
export interface RoleActions {
  readonly actions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/** Where an Azure role is given. */
export type Scope = "environment" | "state" | "state key" | "cluster";

export const SCOPES: Readonly<Record<Scope, string>> = {
  environment: "the environment's subscription",
  state: "the blob container with the stack's state",
  "state key": "the one key of Key Vault that encrypts the stack's secrets",
  cluster: "the environment's cluster",
};

/** What one identity of the workflows is for, and all that it may do. Each environment has its own pair. */
export interface WorkflowIdentity {
  readonly id: "preview" | "deploy";
  readonly purpose: string;
  /** GitHub environments whose jobs get the identity. */
  readonly githubEnvironments: (environment: string) => readonly string[];
  readonly graph: readonly GraphPermission[];
  readonly azure: readonly AzureRole[];
}

/** Reads in pull requests and at night. It can change nothing, in Entra, Azure, the state or the cluster. */
const preview: WorkflowIdentity = {
  id: "preview",
  purpose: "Previews pull requests, and looks for drift at night. Reads only.",
  githubEnvironments: (environment) => [`${environment}-preview`, `${environment}-drift`],
  graph: [
    {
      name: "Application.Read.All",
      id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
      why: "Applications, enterprise applications, their owners and role assignments, read again by a refresh; Microsoft Graph's own enterprise application in every preview.",
    },
    {
      name: "Group.Read.All",
      id: "5b567255-7703-4780-807c-7be8301ae99b",
      why: "Teams' groups with their rule, owners and members; existing groups in every preview. `GroupMember.Read.All` leaves the rule out.",
    },
    {
      name: "User.ReadBasic.All",
      id: "97235f07-e226-4f63-ace3-39588e11d3a1",
      why: "People's object ids, by the names that the settings use, in every preview.",
    },
    {
      name: "DelegatedPermissionGrant.Read.All",
      id: "81b4724a-58aa-41c1-8a55-84ef97466587",
      why: "The tools' consents to the sign-in scopes, read again by a refresh.",
    },
    {
      name: "Policy.Read.All",
      id: "246dd0d5-5bd0-4def-940b-0421030a5b68",
      why: "Conditional Access policies, named locations and authentication strengths, read again by a refresh.",
    },
  ],
  azure: [
    {
      name: "Reader",
      id: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
      scope: "environment",
      why: "Resources, role assignments and the names of vault secrets, read again by a refresh. It reads no secret's value.",
    },
    {
      name: "Storage Blob Data Reader",
      id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
      scope: "state",
      why: "The stack's state. A preview takes no lock and writes nothing.",
    },
    {
      name: "Key Vault Crypto User",
      id: "12338af0-0e69-4776-bea7-57ae8d297424",
      scope: "state key",
      why: "Decrypts the stack's data key; there is no narrower built-in role. Who holds it can read the secrets in the state.",
    },
    {
      name: "Azure Kubernetes Service Cluster User Role",
      id: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
      scope: "cluster",
      why: "Gets the kubeconfig, which holds no credential.",
    },
    {
      name: "Entrada Cluster Reader",
      id: "b0c5e7d4-19f2-5a63-8e4b-6d3f0a91c287",
      scope: "cluster",
      why: "Kubernetes objects, except Secrets. Azure's own reader knows no custom resources (routes, Cilium policies) and no roles, which a refresh reads. The dry run of a change is refused, and the provider compares by itself.",
      allows: {
        actions: [],
        dataActions: ["Microsoft.ContainerService/managedClusters/*/read"],
        notDataActions: ["Microsoft.ContainerService/managedClusters/secrets/read"],
      },
    },
  ],
};

const deploy: WorkflowIdentity = {
  id: "deploy",
  purpose: "Brings the environment up, after its reviewers' approval.",
  githubEnvironments: (environment) => [environment],
  graph: [
    {
      name: "Application.ReadWrite.OwnedBy",
      id: "18a4783c-866b-4cc7-a460-3d5e5662c884",
      why: "The tools' applications with their credentials; it changes those alone that it owns.",
    },
    {
      name: "Application.Read.All",
      id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
      why: "Demanded by Graph where a Conditional Access policy names applications.",
    },
    {
      name: "AppRoleAssignment.ReadWrite.All",
      id: "06b708a9-e830-4db3-a914-8e69da51d44f",
      why: "Gives teams their roles in the tools. **It can be turned into any right in the tenant**: nothing else may use this identity.",
    },
    {
      name: "DelegatedPermissionGrant.ReadWrite.All",
      id: "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
      why: "Consents for everybody to the tools' sign-in scopes.",
    },
    {
      name: "Group.ReadWrite.All",
      id: "62a82d76-70ea-41e2-9197-370581804d09",
      why: "Teams' groups. People own them, not this identity, so that `Group.Create` would not do for a change.",
    },
    {
      name: "RoleManagement.ReadWrite.Directory",
      id: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
      why: "Groups of privileged teams and of break-glass accounts, whose members only privileged administrators may change. Leave it out where there are none.",
    },
    {
      name: "User.ReadBasic.All",
      id: "97235f07-e226-4f63-ace3-39588e11d3a1",
      why: "People's object ids, by the names that the settings use.",
    },
    {
      name: "Policy.Read.All",
      id: "246dd0d5-5bd0-4def-940b-0421030a5b68",
      why: "Demanded by Graph beside the next one.",
    },
    {
      name: "Policy.ReadWrite.ConditionalAccess",
      id: "01c0a623-fc9b-48e9-b794-0756f8e8f067",
      why: "Conditional Access policies, named locations and authentication strengths.",
    },
  ],
  azure: [
    {
      name: "Contributor",
      id: "b24988ac-6180-42a0-ab88-20f7382dd24c",
      scope: "environment",
      why: "Creates and changes the environment's resources. It gives no right to anybody, and reads no secret's value.",
    },
    {
      name: "Role Based Access Control Administrator",
      id: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
      scope: "environment",
      why: "Lets the tools' identities read their secrets, and where the stack makes its own cluster, opens that to the cluster's identity and to administrators' teams. Its condition leaves it no other role to give.",
      handsOn: {
        "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
        "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
        "DNS Zone Contributor": "befefa01-2a29-4197-83a8-272ff33ce314",
        "Azure Kubernetes Service Cluster User Role": "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
        "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
      },
    },
    {
      name: "Entrada Deletion Locks",
      id: "3d1f6a2e-8c47-5b90-9f15-7e2ac4d8b061",
      scope: "environment",
      why: "Locks on what cannot be made again. Contributor may not write locks, and the built-in roles that may can hand out every role.",
      allows: {
        actions: [
          "Microsoft.Authorization/locks/read",
          "Microsoft.Authorization/locks/write",
          "Microsoft.Authorization/locks/delete",
        ],
        dataActions: [],
        notDataActions: [],
      },
    },
    {
      name: "Key Vault Secrets Officer",
      id: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
      scope: "environment",
      why: "Deletes the secrets of a tool that leaves, which only the vault itself can. Leave it out and delete them by hand, if nobody but the tools shall read values.",
    },
    {
      name: "Storage Blob Data Contributor",
      id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
      scope: "state",
      why: "Writes the stack's state and its lock.",
    },
    {
      name: "Key Vault Crypto User",
      id: "12338af0-0e69-4776-bea7-57ae8d297424",
      scope: "state key",
      why: "Encrypts and decrypts the stack's data key.",
    },
    {
      name: "Azure Kubernetes Service Cluster User Role",
      id: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
      scope: "cluster",
      why: "Gets the kubeconfig, which holds no credential.",
    },
    {
      name: "Azure Kubernetes Service RBAC Cluster Admin",
      id: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
      scope: "cluster",
      why: "Namespaces, Gateway API routes and Cilium policies: the smaller roles know no custom resources.",
    },
  ],
};

/** The workflows' identities, each environment's pair; the least first. */
export const WORKFLOW_IDENTITIES: readonly WorkflowIdentity[] = [preview, deploy];

/** One of the two. */
export function workflowIdentity(id: WorkflowIdentity["id"]): WorkflowIdentity {
  return id === "preview" ? preview : deploy;
}
