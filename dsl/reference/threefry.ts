import { parity, rotations } from "../primitives/threefry.ts"
import { arrayOf } from "./array.ts"
import type { Evaluate } from "./evaluate.ts"

const threefryBlock = (k0: number, k1: number, c0: number, c1: number): readonly [number, number] => {
  const keys = [k0, k1, (k0 ^ k1 ^ parity) >>> 0] as const
  let [x, y] = [(c0 + keys[0]) >>> 0, (c1 + keys[1]) >>> 0]
  for (let group = 0; group < 5; group++) {
    for (const turn of rotations[group % 2]!) {
      x = (x + y) >>> 0
      y = (((y << turn) | (y >>> (32 - turn))) ^ x) >>> 0
    }
    x = (x + keys[(group + 1) % 3]!) >>> 0
    y = (y + keys[(group + 2) % 3]! + group + 1) >>> 0
  }
  return [x, y]
}

export const threefry: Evaluate<"threefry"> = ({ inputs, outputs }) => {
  const [k0, k1, c0, c1] = inputs.map(({ data }) => data as ReadonlyArray<number>)
  const pairs = c0!.map((_, i) => threefryBlock(k0![i]!, k1![i]!, c0![i]!, c1![i]!))
  return outputs.map((output, which) =>
    arrayOf(
      output,
      pairs.map((pair) => pair[which as 0 | 1])
    )
  )
}
