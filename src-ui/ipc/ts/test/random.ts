// Random numbers that are the same in every run.

/** A generator of numbers from 0 up to, and without, a bound (xorshift, 32 bits). */
export function random(seed: number): (bound: number) => number {
  let state = seed | 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** The same elements in another order. */
export function shuffled<T>(elements: readonly T[], pick: (bound: number) => number): T[] {
  const left = [...elements];
  const result: T[] = [];
  while (left.length > 0) result.push(...left.splice(pick(left.length), 1));
  return result;
}
