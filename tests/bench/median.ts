/** The middle value; of an even number of values the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const pick = (index: number) => sorted[index] ?? Number.NaN;
  return sorted.length % 2 === 1 ? pick(Math.floor(middle)) : (pick(middle - 1) + pick(middle)) / 2;
}
