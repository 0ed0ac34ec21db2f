/**
 * A worker whose run is gone ends at once: nobody hears of its tests, and what they start next nobody would end. By a signal, since
 * vitest takes process.exit() for a mistake of a test.
 */
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
