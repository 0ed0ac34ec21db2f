/** How often something can run: steps that divide an hour, so that the time between two runs is always the same. */
export const INTERVALS = ["5m", "10m", "15m", "20m", "30m", "1h"] as const;
export type Interval = (typeof INTERVALS)[number];
