import { describe, expect, it } from "vitest";
import { postgresAccess, postgresConfig } from "./postgres-files.ts";

const places = { socketFolder: "/run/it's", certFile: "/run/c", keyFile: "/run/k", hbaFile: "/run/h" };

describe("PostgreSQL's files", () => {
  it("let the operator in by the socket alone, and others with a password over TLS", () => {
    const access = (tls: boolean) => postgresAccess(tls).trim().split("\n");
    expect(access(true)).toEqual([
      'local all "entrada operator" trust',
      "local all all reject",
      'host all "entrada operator" all reject',
      "hostssl all all 127.0.0.1/32 scram-sha-256",
    ]);
    expect(access(false).at(-1)).toBe("host all all 127.0.0.1/32 scram-sha-256");
  });

  it("listen on loopback, log no statements and quote what they hold", () => {
    const config = postgresConfig(places, 40123).split("\n");
    expect(config).toEqual(
      expect.arrayContaining([
        "listen_addresses = '127.0.0.1'",
        "port = '40123'",
        "unix_socket_directories = '/run/it''s'",
        "ssl = 'on'",
        "log_statement = 'none'",
        "log_min_error_statement = 'panic'",
        "log_error_verbosity = 'terse'",
      ]),
    );
  });
});
