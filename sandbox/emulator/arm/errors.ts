/**
 * An error in Azure Resource Manager's shape, `{error:{code,message}}`
 * (https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors).
 */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const armBadRequest = (message: string, code = "BadRequest") => new ArmError(400, code, message);

export const armConflict = (code: string, message: string) => new ArmError(409, code, message);

export const armNotImplemented = (what: string) =>
  new ArmError(501, "NotImplemented", `The sandbox's Azure Resource Manager does not emulate ${what}.`);

export const resourceGroupNotFound = (name: string) =>
  new ArmError(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);

export const resourceNotFound = (type: string, name: string, group: string) =>
  new ArmError(
    404,
    "ResourceNotFound",
    `The Resource '${type}/${name}' under resource group '${group}' was not found.`,
  );
