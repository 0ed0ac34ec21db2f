/** A refusal in the words of Databricks' API: `{error_code, message}` (https://docs.databricks.com/api). */
export class DatabricksError extends Error {
  readonly status: number;
  /** A name, or the status itself where the front door refuses. */
  readonly code: string | number;
  readonly details: readonly unknown[];

  constructor(status: number, code: string | number, message: string, details: readonly unknown[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export const invalid = (message: string, code = "INVALID_PARAMETER_VALUE") => new DatabricksError(400, code, message);
export const missing = (message: string, code = "RESOURCE_DOES_NOT_EXIST") => new DatabricksError(404, code, message);
export const denied = (message: string) => new DatabricksError(403, "PERMISSION_DENIED", message);
export const notEmulated = (what: string) =>
  new DatabricksError(501, "NOT_IMPLEMENTED", `The sandbox's Databricks does not emulate ${what}.`);
