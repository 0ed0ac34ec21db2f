import { z } from "zod";
import type { ToolContract } from "../tool-contract.ts";
import { settingsSchema } from "./schema.ts";

/**
 * JSON Schema (draft 7, which YAML editors know) of a whole stack file: our keys under `config`, with the keys of Pulumi
 * and of other namespaces let through.
 */
export function stackFileSchema(contracts: readonly ToolContract[]): Record<string, unknown> {
  const settings = z.toJSONSchema(settingsSchema(contracts), {
    target: "draft-7",
    io: "input",
    // zod leaves examples out where a value is transformed, since it cannot know that ours are of the input.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });
  const properties = Object.entries(settings.properties ?? {}).map(([key, schema]) => [`entrada:${key}`, schema]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Entrada stack file",
    description: "One environment of Entrada. Written by `npm run schema`.",
    type: "object",
    required: ["config"],
    additionalProperties: false,
    properties: {
      config: {
        description: "The environment's configuration.",
        type: "object",
        required: (settings.required ?? []).map((key) => `entrada:${key}`),
        properties: Object.fromEntries(properties),
        patternProperties: { "^(?!entrada:)[^:]+:.+$": { description: "A setting of Pulumi or of a provider." } },
        additionalProperties: false,
      },
      secretsprovider: { type: "string", description: "Pulumi: what encrypts this stack's secrets." },
      encryptedkey: { type: "string", description: "Pulumi: the stack's data key, encrypted." },
      encryptionsalt: { type: "string", description: "Pulumi: salt of the stack's passphrase." },
      environment: { description: "Pulumi: environments whose values are merged in." },
    },
  };
}
