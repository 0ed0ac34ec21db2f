import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import type { PropertyMap } from "./types.ts";
import { encodeStruct } from "./values.ts";

/**
 * A create or update that left a resource behind before it failed. The engine keeps the resource in the state, so that
 * the next `up` goes on from there and does not make a second one.
 */
export class PartialFailure extends Error {
  readonly id: string;
  /** Outputs as far as they are known. */
  readonly outputs: PropertyMap;

  constructor(id: string, outputs: PropertyMap, cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = "PartialFailure";
    this.id = id;
    this.outputs = outputs;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What gRPC sends for an error: one readable message and, for a partial failure, the resource as far as it came. */
export function toServiceError(error: unknown): Partial<ServiceError> {
  const details = messageOf(error);
  if (!(error instanceof PartialFailure)) return { code: status.UNKNOWN, details };

  const failed = new providerProto.ErrorResourceInitFailed();
  failed.setId(error.id);
  failed.setProperties(encodeStruct(error.outputs));
  failed.setReasonsList([details]);
  const packed = new anyProto.Any();
  packed.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new statusProto.Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(details);
  answer.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { code: status.UNKNOWN, details, metadata };
}
