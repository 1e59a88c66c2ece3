import { apply1 } from "./primitives/index.ts"
import type { Value } from "./tensor.ts"
import { reshape, sliceAxis } from "./values.ts"

/** Takes and gives many elements at once, along the first axis. */
export type Combine = (a: ReadonlyArray<Value>, b: ReadonlyArray<Value>) => ReadonlyArray<Value>

const sliced = (
  leaves: ReadonlyArray<Value>,
  start: number,
  limit: number,
  stride = 1
): ReadonlyArray<Value> => leaves.map((leaf) => sliceAxis(leaf, 0, start, limit, stride))

const joined = (a: Value, b: Value): Value => apply1("concatenate", { axis: 0 }, a, b)

/** a0 b0 a1 b1 ...; `even` has as many as `odd`, or one more. */
const interleaved = (even: Value, odd: Value): Value => {
  const count = odd.shape[0]!
  const rest = odd.shape.slice(1)
  const column = (x: Value) => reshape(sliceAxis(x, 0, 0, count), [count, 1, ...rest])
  const pairs = apply1("concatenate", { axis: 1 }, column(even), column(odd))
  const flat = reshape(pairs, [2 * count, ...rest])
  return even.shape[0] === count ? flat : joined(flat, sliceAxis(even, 0, count, count + 1))
}

/** Neighbours combined, scanned, and spread again (Blelloch 1990): 2n combinations in 2 log n rounds. */
export const parallelScan = (combine: Combine, leaves: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const count = leaves[0]!.shape[0]!
  if (count < 2) return leaves
  const pairs = combine(sliced(leaves, 0, count - 1, 2), sliced(leaves, 1, count, 2))
  const odd = parallelScan(combine, pairs)
  const after = sliced(leaves, 2, count, 2)
  const before = count % 2 === 0 ? sliced(odd, 0, odd[0]!.shape[0]! - 1) : odd
  const rest = count > 2 ? combine(before, after) : []
  return leaves.map((leaf, i) => {
    const first = sliceAxis(leaf, 0, 0, 1)
    return interleaved(rest.length === 0 ? first : joined(first, rest[i]!), odd[i]!)
  })
}
