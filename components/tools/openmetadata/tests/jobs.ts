import { execFile } from "node:child_process";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMetadataContract } from "../contract.ts";
import { jobFiles, reconcilerFiles, settingsFiles } from "../files.ts";
import { keyIdOf } from "../key-pair.ts";
import type { ApiState } from "./api-server.ts";
import { openMetadataSettings } from "./fixtures.ts";

export const TENANT = "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10";
export const CLIENT_ID = "0d9c2f1e-7f39-4f0e-8f5a-0f6f8c1b2a3d";

/** A key pair in the forms that the vault and the server have. */
export interface TestKey {
  readonly keyId: string;
  readonly publicKeyPem: string;
  readonly privateKeyDer: Buffer;
}

export function testKey(bits = 2048): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const publicKeyPem = createPublicKey(publicKey.export({ type: "spki", format: "pem" }))
    .export({ type: "spki", format: "pem" })
    .toString();
  return {
    keyId: keyIdOf(publicKeyPem),
    publicKeyPem,
    privateKeyDer: privateKey.export({ type: "pkcs8", format: "der" }),
  };
}

/** The files that the jobs are told by. */
export function toldFiles(changes: Record<string, unknown> = {}): Record<string, string> {
  const settings = openMetadataSettings(changes);
  return settingsFiles(settings, openMetadataContract.roles(settings), { tenantId: TENANT, userDomain: "contoso.com" });
}

/** The ConfigMaps' files of the two jobs, by their scripts. */
function scriptFiles(script: Script): Record<string, string> {
  if (script === "settle_accounts.py") return jobFiles();
  const settings = openMetadataSettings();
  return reconcilerFiles("openmetadata", settings, openMetadataContract.roles(settings));
}

export type Script = "settle_accounts.py" | "reconcile_people.py";

/** A server that runs as it was told to, with nobody but its operator and a bot. */
export function settledState(key: TestKey, files: Record<string, string>): ApiState {
  const config = JSON.parse((files["openmetadata.json"] ?? "").replaceAll("${" + "ENTRA_CLIENT_ID}", CLIENT_ID));
  const { authenticationConfiguration, authorizerConfiguration } = config;
  if (authenticationConfiguration.oidcConfiguration) authenticationConfiguration.oidcConfiguration.secret = "*********";
  // What the server adds by itself, and the order in which a set comes back, are nobody's concern.
  const security = {
    authenticationConfiguration: {
      ...authenticationConfiguration,
      providerName: null,
      maxActiveSessionsPerUser: 5,
      publicKeyUrls: [...authenticationConfiguration.publicKeyUrls].reverse(),
    },
    authorizerConfiguration: { ...authorizerConfiguration, botPrincipals: null },
  };
  return {
    keys: [{ kid: key.keyId, publicKeyPem: key.publicKeyPem }],
    issuer: "https://openmetadata.data.contoso.com",
    users: [
      user("entrada-operator", "contoso.com", { isAdmin: true }),
      user("ingestion-bot", "open-metadata.org", { isBot: true }),
    ],
    roles: ["DataSteward", "DataConsumer", "DataQualityEngineer"],
    security,
    loginStatus: 501,
  };
}

export function user(name: string, domain: string, marks: { isAdmin?: boolean; isBot?: boolean } = {}) {
  return { id: `id-of-${name}-at-${domain}`, name, email: `${name}@${domain}`, isAdmin: false, isBot: false, ...marks };
}

/** How a script ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one of the jobs from a folder that holds what its ConfigMap holds, with the machine's own Python, which has nothing but
 * the standard library to offer.
 */
export async function runJob(
  script: Script,
  url: string,
  key: Pick<TestKey, "keyId" | "privateKeyDer">,
  files: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), "entrada-openmetadata-"));
  try {
    await mkdir(join(folder, "secrets"));
    await mkdir(join(folder, "jobs"));
    for (const [name, content] of Object.entries(scriptFiles(script)))
      await writeFile(join(folder, "jobs", name), content);
    await writeFile(join(folder, "secrets", "jwt-private-key.der"), key.privateKeyDer);
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      PYTHONDONTWRITEBYTECODE: "1",
      OPENMETADATA_URL: url,
      SETTINGS_FOLDER: folder,
      SECRETS_FOLDER: join(folder, "secrets"),
      ENTRA_CLIENT_ID: CLIENT_ID,
      JWT_KEY_ID: key.keyId,
      WAIT_SECONDS: "1",
      PEOPLE_FILE: join(folder, "jobs", "people.json"),
      ...environment,
    };
    return await new Promise((resolve) => {
      // -I would hide the folder's other modules; -S and -s keep what is installed beside the standard library out.
      execFile(
        "python3",
        ["-S", "-s", join(folder, "jobs", script)],
        { env, timeout: 60_000 },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
          resolve({ code, stdout, stderr });
        },
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
