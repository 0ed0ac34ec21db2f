import { element, xmlDocument } from "./xml.ts";

/** A refusal in Blob Storage's shape (https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes). */
export class BlobError extends Error {
  readonly status: number;
  /** Also in the header `x-ms-error-code`, which is all that the answer to a HEAD has. */
  readonly code: string;
  /** What went wrong, in an element of its own, such as `AuthenticationErrorDetail`. */
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export const blobNotFound = () => new BlobError(404, "BlobNotFound", "The specified blob does not exist.");
export const containerNotFound = () =>
  new BlobError(404, "ContainerNotFound", "The specified container does not exist.");
export const notEmulated = (what: string) =>
  new BlobError(501, "NotImplemented", `The sandbox's Blob Storage does not emulate ${what}.`);
export const missingHeader = (name: string) =>
  new BlobError(400, "MissingRequiredHeader", "An HTTP header that's mandatory for this request is not specified.", {
    HeaderName: name,
  });
export const invalidHeader = (name: string, value: string) =>
  new BlobError(400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format.", {
    HeaderName: name,
    HeaderValue: value,
  });
export const invalidParameter = (name: string, value: string) =>
  new BlobError(
    400,
    "InvalidQueryParameterValue",
    "Value for one of the query parameters specified in the request URI is invalid.",
    { QueryParameterName: name, QueryParameterValue: value },
  );

/** `<Error><Code/><Message/>…</Error>`; the message's further lines help Microsoft's support. */
export function errorBody(error: BlobError, requestId: string, now: Date): string {
  const message = `${error.message}\nRequestId:${requestId}\nTime:${now.toISOString()}`;
  const details = Object.entries(error.details).map(([name, text]) => element(name, text));
  return xmlDocument(element("Error", { xml: [element("Code", error.code), element("Message", message), ...details] }));
}
