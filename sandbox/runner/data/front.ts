import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { IssuedCertificate } from "../../network/authority.ts";
import { joinSockets } from "../join-sockets.ts";

/** A port on loopback before a server's socket. */
export interface Front {
  readonly port: number;
  /** Stops listening and cuts what is open. */
  close(): Promise<void>;
}

/** Listens on a free port and leads every connection to the socket, taking TLS off where there is a certificate. */
export async function startFront(socketPath: string, certificate: IssuedCertificate | undefined): Promise<Front> {
  const lead = (socket: Socket) => joinSockets(socket, connect(socketPath));
  const server: Server =
    certificate === undefined
      ? createServer(lead)
      : createTlsServer({ cert: certificate.certPem, key: certificate.keyPem, minVersion: "TLSv1.2" }, lead);
  // Those that have not finished TLS's handshake are among them.
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
