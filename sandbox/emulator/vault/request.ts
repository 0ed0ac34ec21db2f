import type { Caller, EmulatorContext } from "../context.ts";
import type { ArmResource } from "../directory.ts";
import type { PathParams, RoutePattern } from "../routing.ts";

/** One authenticated request to a vault that exists. */
export interface VaultRequest {
  readonly context: EmulatorContext;
  readonly caller: Caller;
  readonly vault: ArmResource;
  readonly params: PathParams;
  /** The path as asked. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface VaultResponse {
  readonly status: number;
  readonly body?: unknown;
}

export interface VaultRoute extends RoutePattern {
  /** The data action of Azure RBAC below `Microsoft.KeyVault/vaults/`, for example `secrets/getSecret/action`. */
  readonly action: string;
  readonly handle: (request: VaultRequest) => VaultResponse | Promise<VaultResponse>;
}

export function vaultParam(request: VaultRequest, name: string): string {
  return request.params[name] ?? "";
}
