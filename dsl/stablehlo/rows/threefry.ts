import { parity, rotations } from "../../primitives/threefry.ts"
import { tensorType } from "../text.ts"
import type { Row } from "./row.ts"

/** Twenty rounds of add, rotate, xor, a key word put in after every four. */
export const threefryRow: Row<"threefry"> = ({ writer, operands, outputs }) => {
  const aval = outputs[0]!
  const type = tensorType(aval)
  const op = (name: string, a: string, b: string) => writer.assign(`stablehlo.${name} ${a}, ${b} : ${type}`)
  const word = (value: number) => writer.constant(value, aval)
  const [k0, k1, c0, c1] = operands as readonly [string, string, string, string]
  const keys = [k0, k1, op("xor", op("xor", k0, k1), word(parity))] as const
  let [x, y] = [op("add", c0, keys[0]), op("add", c1, keys[1])]
  for (let group = 0; group < 5; group++) {
    for (const turn of rotations[group % 2]!) {
      x = op("add", x, y)
      const high = op("shift_left", y, word(turn))
      const low = op("shift_right_logical", y, word(32 - turn))
      y = op("xor", op("or", high, low), x)
    }
    x = op("add", x, keys[(group + 1) % 3]!)
    y = op("add", op("add", y, keys[(group + 2) % 3]!), word(group + 1))
  }
  return [x, y]
}
