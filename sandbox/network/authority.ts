import "reflect-metadata";
import { createPrivateKey, randomBytes, webcrypto } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { readOrCreatePrivateFile } from "./private-file.ts";

/** What a leaf certificate is asked for. */
export interface CertificateRequest {
  readonly commonName: string;
  /** Groups of a Kubernetes client (`O=`), for example `system:masters`. Default: none. */
  readonly organizations?: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** The holder proves itself with it to a server. Default false. With names as well, it serves both sides. */
  readonly client?: boolean;
}

export interface IssuedCertificate {
  readonly certPem: string;
  /** PKCS #8, ECDSA P-256. */
  readonly keyPem: string;
}

/** The sandbox's own certificate authority. It lives in its folder only: nothing puts it into a system's trust. */
export interface Authority {
  /** The certificate alone, for `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`, `NODE_EXTRA_CA_CERTS` and the like. */
  readonly caFile: string;
  readonly caPem: string;
  /** A new leaf certificate with a new key, valid for 90 days. */
  issue(request: CertificateRequest): Promise<IssuedCertificate>;
}

export interface AuthorityOptions {
  /** The present moment. Default: the system clock. */
  readonly now?: () => Date;
}

const DAY = 86_400_000;
const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 90;
/** Certificates begin a little in the past, for a reader whose clock runs behind. */
const BACKDATE = 5 * 60_000;
// P-256 is what kube-apiserver, Go, OpenSSL 3, Node and Chromium all accept, and its keys are made in a millisecond.
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/**
 * Opens the authority in the folder (`ca.crt`, and `ca.key` with mode 0600), making it at the first time and anew when it
 * ends within 90 days, so that no leaf outlives it.
 */
export async function openAuthority(folder: string, options: AuthorityOptions = {}): Promise<Authority> {
  const now = options.now ?? (() => new Date());
  const keyFile = join(folder, "ca.key");
  const caFile = join(folder, "ca.crt");
  // Key and certificate stand in the private file together: two processes that start at once cannot end with a mixed pair.
  let bundle = readBundle(await readOrCreatePrivateFile(keyFile, () => createBundle(now())), keyFile);
  if (certificateNeedsRenewal(bundle.certPem, now(), LEAF_DAYS)) {
    rmSync(keyFile);
    bundle = readBundle(await readOrCreatePrivateFile(keyFile, () => createBundle(now())), keyFile);
  }
  const draft = `${caFile}.${process.pid}`;
  writeFileSync(draft, bundle.certPem, { mode: 0o644 });
  renameSync(draft, caFile);
  const certificate = new x509.X509Certificate(bundle.certPem);
  const signingKey = await importKey(bundle.keyPem);
  return { caFile, caPem: bundle.certPem, issue: (request) => issueLeaf(certificate, signingKey, request, now()) };
}

/** Whether a certificate ends within the given number of days (default 30) and should be issued anew. */
export function certificateNeedsRenewal(certPem: string, now: Date, days = 30): boolean {
  return new x509.X509Certificate(certPem).notAfter.getTime() - now.getTime() < days * DAY;
}

async function issueLeaf(
  authority: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  request: CertificateRequest,
  now: Date,
): Promise<IssuedCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const names: x509.JsonGeneralNames = [
    ...request.dnsNames.map((value) => ({ type: "dns", value }) as const),
    ...request.ipAddresses.map((value) => ({ type: "ip", value }) as const),
  ];
  const usages = [
    ...(names.length > 0 ? [x509.ExtendedKeyUsage.serverAuth] : []),
    ...(request.client ? [x509.ExtendedKeyUsage.clientAuth] : []),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [...(request.organizations ?? []).map((value) => ({ O: [value] })), { CN: [request.commonName] }],
    issuer: authority.subjectName,
    notBefore: new Date(now.getTime() - BACKDATE),
    notAfter: new Date(now.getTime() + LEAF_DAYS * DAY),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(usages),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certPem: `${certificate.toString("pem")}\n`, keyPem: await exportKey(keys.privateKey) };
}

async function createBundle(now: Date): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ O: ["Entrada sandbox"] }, { CN: [`Entrada sandbox ${randomBytes(4).toString("hex")}`] }],
    notBefore: new Date(now.getTime() - BACKDATE),
    notAfter: new Date(now.getTime() + AUTHORITY_DAYS * DAY),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return `${await exportKey(keys.privateKey)}${certificate.toString("pem")}\n`;
}

/** Random and positive, as RFC 5280 4.1.2.2 asks. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

function readBundle(bundle: string, file: string): { keyPem: string; certPem: string } {
  const keyPem = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/.exec(bundle)?.[0];
  const certPem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(bundle)?.[0];
  if (keyPem === undefined || certPem === undefined)
    throw new Error(
      `The sandbox's authority file ${file} holds no key and certificate. Run "entrada sandbox reset" to start anew.`,
    );
  return { keyPem, certPem };
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" })
    .export({ type: "pkcs8", format: "pem" })
    .toString();
}

async function importKey(keyPem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(keyPem).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, true, ["sign"]);
}
