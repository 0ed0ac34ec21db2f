/** `75` → `1 min 15 s`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`;
}

/** `280` → `5 min`, for a figure that nobody should take to the second. */
export function formatEstimate(seconds: number): string {
  return seconds < 60 ? `${Math.max(10, Math.ceil(seconds / 10) * 10)} s` : `${Math.round(seconds / 60)} min`;
}

/** One progress line, for example `building kube-apiserver… 1 min 20 s of about 5 min`. */
export function progressLine(what: string, elapsedSeconds: number, estimateSeconds: number): string {
  const elapsed = `${what}… ${formatSeconds(elapsedSeconds)}`;
  return elapsedSeconds > estimateSeconds * 1.2
    ? `${elapsed}, longer than the usual ${formatEstimate(estimateSeconds)}`
    : `${elapsed} of about ${formatEstimate(estimateSeconds)}`;
}

/** Says every `everyMs` what is going on, while `work` goes on, and how long it took. */
export async function withProgress<T>(
  what: string,
  estimateSeconds: number,
  log: (line: string) => void,
  everyMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const started = Date.now();
  const elapsed = () => (Date.now() - started) / 1000;
  const timer = setInterval(() => log(progressLine(what, elapsed(), estimateSeconds)), everyMs);
  try {
    const result = await work();
    log(`${what}: done in ${formatSeconds(elapsed())}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
