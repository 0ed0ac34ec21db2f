import type { Socket } from "node:net";

/**
 * Joins two connections. The end of either is passed on once what was on its way has arrived; an error ends both at once.
 * `pod/relay.js`, which loads nothing, says the same in its own words.
 */
export function joinSockets(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroySoon());
    from.pipe(to);
  }
}
