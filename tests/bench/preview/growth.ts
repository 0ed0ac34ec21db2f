/** A size and what it took. */
export interface Point {
  readonly resources: number;
  readonly seconds: number;
}

/** How time grows from the smallest size to a larger one. */
export interface Growth {
  /** How many times as many resources. */
  readonly times: number;
  /** Time per resource, relative to the smallest size: 1 where time grows as the resources do, less where a start weighs less and less. */
  readonly perResource: number;
  /**
   * Time per resource that came since the size before, relative to the first step: here a start cannot hide what bends. Absent at the first
   * step, and where a step adds less than half of what was there: a few resources more take less time than two runs differ.
   */
  readonly perAdded?: number;
}

/** What may be measured of growth that is linear. */
export const LINEAR = 1.3;

const LARGE_STEP = 0.5;

/** The growth at each size after the smallest, in the order of the sizes. Two sizes with as many resources are refused. */
export function growth(points: readonly Point[]): Growth[] {
  const sorted = points.toSorted((a, b) => a.resources - b.resources);
  const [smallest] = sorted;
  if (smallest === undefined) return [];
  const steps = sorted.slice(1).map((point, index) => step(sorted[index] as Point, point));
  return sorted.slice(1).map((point, index) => {
    const [first, last] = [steps[0] as Step, steps[index] as Step];
    return {
      times: point.resources / smallest.resources,
      perResource: point.seconds / point.resources / (smallest.seconds / smallest.resources),
      ...(index > 0 && first.large && last.large ? { perAdded: last.seconds / first.seconds } : {}),
    };
  });
}

interface Step {
  /** For each resource that came. */
  readonly seconds: number;
  readonly large: boolean;
}

function step(before: Point, after: Point): Step {
  const added = after.resources - before.resources;
  if (added === 0) throw new Error(`Two sizes have ${after.resources} resources.`);
  return { seconds: (after.seconds - before.seconds) / added, large: added >= before.resources * LARGE_STEP };
}

/** Whether growth is no more than linear, as far as a measure can tell. */
export function isLinear({ perResource, perAdded = 1 }: Growth): boolean {
  return perResource <= LINEAR && perAdded <= LINEAR;
}
