/** A scalar's or an array's elements as numbers. */
export const numbers = (value: unknown): ReadonlyArray<number> =>
  (ArrayBuffer.isView(value) ? Array.from(value as unknown as Iterable<unknown>) : [value]).map(Number)
