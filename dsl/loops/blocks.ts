import { apply1 } from "../primitives/index.ts"
import type { ScanParams } from "../program.ts"
import { replay } from "../replay.ts"
import type { Value } from "../tensor.ts"
import { add, binary, filled, mul, reshape, sliceAxis, sub, zeros } from "../values.ts"
import { arangeElement } from "./arange-element.ts"
import { counted, type Loop, type LoopSource, loopOf, rowsOf, runLoop } from "./loop.ts"

const scalarI32 = { dtype: "i32", shape: [] } as const
const i32 = (value: number): Value => filled(scalarI32, value)

/** Pads rows to a whole number of blocks, and stacks the blocks along the first axis. */
const blocked = (rows: Value, blocks: number, every: number): Value => {
  const [count, ...rest] = rows.shape as readonly [number, ...Array<number>]
  const none = rows.shape.map(() => 0)
  const high = none.map((_, i) => (i === 0 ? blocks * every - count : 0))
  const padded =
    high[0] === 0
      ? rows
      : apply1("pad", { low: none, high, interior: none }, rows, zeros({ dtype: rows.dtype, shape: [] }))
  return reshape(padded, [blocks, every, ...rest])
}

/**
 * Writes a scan as a scan of blocks of `every` steps. The outer scan keeps only its carries. The inner scan keeps every
 * value, and the backward loop runs it again. The last block is short where the number of steps is traced or no
 * multiple of `every`. Passes stack nothing more for a `lean` outer scan.
 */
export const inBlocks = (
  params: ScanParams,
  inputs: ReadonlyArray<Value>,
  every: number,
  lean = false
): ReadonlyArray<Value> => {
  const loop = loopOf(params, inputs)
  const total = loop.length!
  const blocks = Math.ceil(total / every)
  const even = loop.traced === undefined && blocks * every === total
  const steps = even ? undefined : (loop.traced ?? i32(total))
  const traced =
    loop.traced === undefined ? undefined : binary("div", add(loop.traced, i32(every - 1)), i32(every))
  const xs: ReadonlyArray<LoopSource> = [
    counted,
    ...loop.xs.flatMap(({ leaf, operand }) =>
      leaf.kind === "rows" ? [rowsOf(blocked(operand!, blocks, every))] : []
    )
  ]
  const outer = {
    ...loop,
    length: blocks,
    traced,
    unroll: 1,
    checkpoint: { every: 1 },
    part: "blocks"
  } as const
  const shape = lean ? ({ ...outer, lean: true } as const) : outer
  const { carry, ys } = runLoop(
    shape,
    { consts: loop.consts, carry: loop.carry, xs },
    (consts, state, rows) => {
      const first = mul(rows[0]!, i32(every))
      const left = steps === undefined ? undefined : binary("minimum", sub(steps, first), i32(every))
      return block(params, loop, { consts, state, first, left, rows: rows.slice(1), every })
    }
  )
  const stacked = ys.map((stack) => {
    const joined = reshape(stack, [blocks * every, ...stack.shape.slice(2)])
    return sliceAxis(joined, 0, 0, total)
  })
  return [...carry, ...stacked]
}

interface BlockStart {
  readonly consts: ReadonlyArray<Value>
  readonly state: ReadonlyArray<Value>
  /** The index of the block's first row. */
  readonly first: Value
  /** How many steps the block has; undefined where every block is full. */
  readonly left: Value | undefined
  readonly rows: ReadonlyArray<Value>
  readonly every: number
}

const block = (params: ScanParams, loop: Loop, { consts, state, first, left, rows, every }: BlockStart) => {
  let next = 0
  // A block counts rows from `first` on. An element of a range is computed from its row's number in the whole scan.
  const counter: LoopSource = {
    leaf: { kind: "arange", dtype: "i32", start: null, step: 1 },
    operand: first
  }
  const xs = loop.xs.map(({ leaf }): LoopSource => (leaf.kind === "rows" ? rowsOf(rows[next++]!) : counter))
  return runLoop(
    { ...loop, length: every, traced: left, checkpoint: "all", part: "block" },
    { consts, carry: state, xs },
    (values, carry, row) => {
      const given = row.map((each, i) => {
        const { leaf, operand } = loop.xs[i]!
        return leaf.kind === "rows" ? each : arangeElement(leaf, operand, each)
      })
      const results = replay(params.body, [...values, ...carry, ...given])
      return { carry: results.slice(0, loop.carry.length), ys: results.slice(loop.carry.length) }
    }
  )
}
