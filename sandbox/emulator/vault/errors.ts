/** An error in Key Vault's shape (https://learn.microsoft.com/azure/key-vault/general/rest-error-codes). */
export class VaultError extends Error {
  readonly status: number;
  readonly code: string;
  readonly inner: string | undefined;

  constructor(status: number, code: string, message: string, inner?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.inner = inner;
  }
}

export const vaultBadParameter = (message: string) => new VaultError(400, "BadParameter", message);

export const secretNotFound = (name: string) =>
  new VaultError(
    404,
    "SecretNotFound",
    `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.`,
  );

export const vaultNotImplemented = (what: string) =>
  new VaultError(501, "NotImplemented", `The sandbox's Key Vault does not emulate ${what}.`);

export function vaultErrorBody(error: VaultError): unknown {
  const { code, message, inner } = error;
  return { error: { code, message, ...(inner !== undefined && { innererror: { code: inner } }) } };
}
