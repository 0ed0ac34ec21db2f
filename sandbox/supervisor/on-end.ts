/** Runs `stop` once, at the first signal that asks this process to end, and ends it then. */
export function onEnd(stop: () => Promise<void>, log: (text: string) => void): void {
  let ending = false;
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      log(`${signal}: stopping`);
      stop().then(
        () => process.exit(0),
        (error) => {
          log(String(error));
          process.exit(1);
        },
      );
    });
  }
}
