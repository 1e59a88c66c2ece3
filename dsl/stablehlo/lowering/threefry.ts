import { parity, rotations } from "../../primitives/threefry.ts"
import { type Aval, sizeOf } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"
import { compareText, type Lowering } from "./lowering.ts"
import { whileText } from "./while.ts"

const word: Aval = { dtype: "u32", shape: [] }

/**
 * A zero that no compiler knows. A compiler would fold what depends on no parameter, in arithmetic that rounds a
 * product before adding to it. The device may not round there, so the same key would give other numbers as a constant
 * than as an argument. XLA folds no loop of more than one turn.
 */
const hiddenZero = (writer: Writer): string => {
  const [zero, one, two] = [0, 1, 2].map((value) => writer.constant(value, word)) as [string, string, string]
  const add = (a: string, b: string) => writer.assign(`stablehlo.add ${a}, ${b} : ${tensorType(word)}`)
  return whileText(writer, [word, word], [zero, zero], {
    condition: ([turn]) => compareText(writer, "LT", [turn!, two], word),
    body: ([turn, value]) => [add(turn!, one), add(value!, value!)]
  })[1]!
}

/**
 * Up to how many elements a compiler may write a loop over them out. LLVM then takes minutes for two of these in a row,
 * one drawing the key of the other. A barrier between them makes them two loops.
 */
const mostUnrolled = 1024

/** Twenty rounds of add, rotate, xor, a key word put in after every four. */
export const threefryLowering: Lowering<"threefry"> = ({ writer, operands, outputs }) => {
  const aval = outputs[0]!
  const type = tensorType(aval)
  const op = (name: string, a: string, b: string) => writer.assign(`stablehlo.${name} ${a}, ${b} : ${type}`)
  const filled = (value: number) => writer.constant(value, aval)
  const [given, k1, c0, c1] = operands as readonly [string, string, string, string]
  const spread = () =>
    writer.assign(
      `stablehlo.broadcast_in_dim ${hiddenZero(writer)}, dims = [] : (${tensorType(word)}) -> ${type}`
    )
  const k0 = operands.every((name) => writer.known.has(name)) ? op("xor", given, spread()) : given
  const keys = [k0, k1, op("xor", op("xor", k0, k1), filled(parity))] as const
  let [x, y] = [op("add", c0, keys[0]), op("add", c1, keys[1])]
  for (let group = 0; group < 5; group++) {
    for (const turn of rotations[group % 2]!) {
      x = op("add", x, y)
      const high = op("shift_left", y, filled(turn))
      const low = op("shift_right_logical", y, filled(32 - turn))
      y = op("xor", op("or", high, low), x)
    }
    x = op("add", x, keys[(group + 1) % 3]!)
    y = op("add", op("add", y, keys[(group + 2) % 3]!), filled(group + 1))
  }
  const size = sizeOf(aval.shape)
  if (size === 1 || size > mostUnrolled) return [x, y]
  const pair = writer.fresh()
  writer.line(`${pair}:2 = stablehlo.optimization_barrier ${x}, ${y} : ${type}, ${type}`)
  return [`${pair}#0`, `${pair}#1`]
}
