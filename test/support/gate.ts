import { onTestFinished, vi } from "vitest"
import { traceNow } from "../../dsl/trace.ts"
import { HostMemory } from "../../native/memory.ts"
import { promptBytes } from "../../pjrt/backend/prompt.ts"
import {
  add,
  broadcastTo,
  dynamicSlice,
  eq,
  jit,
  mul,
  reshape,
  scalar,
  shiftRightLogical,
  type Tensor,
  u8,
  whileLoop
} from "../../pjrt/loopcarry.ts"
import { stablehloOf } from "./passes.ts"

/** Too long to be copied: a CPU device of this process reads a gate where it lies. No other array is as long. */
export const gateBytes = promptBytes + 4096

/** What a program looks at again and again, until the test opens it. */
export interface Gate {
  /** Put as an array, it is what a gated program takes. */
  readonly bytes: Uint8Array
  /** Lets all runs that wait at it end. This happens at the end of the test at the latest. */
  readonly open: () => void
}

/** How often what comes after a gate has been opened is opened too, in milliseconds. */
const openEvery = 10

/** The memory of all arrays made of the gate that was made last. */
let places: Array<HostMemory> = []

const allocate = HostMemory.allocate.bind(HostMemory)
vi.spyOn(HostMemory, "allocate").mockImplementation((length) => {
  const memory = allocate(length)
  if (memory !== undefined && length === gateBytes) {
    // A gate may be opened when nobody uses it any more.
    memory.free = () => {}
    places.push(memory)
  }
  return memory
})

/** A gate of a test, which is shut: one at a time, for devices of this process and workers in it. */
export const makeGate = (): Gate => {
  const own: Array<HostMemory> = []
  places = own
  const bytes = new Uint8Array(gateBytes)
  let opening: NodeJS.Timeout | undefined
  const fill = () => {
    for (const place of own) place.bytes.fill(1)
  }
  const open = () => {
    if (opening !== undefined) return
    bytes.fill(1)
    fill()
    opening = setInterval(fill, openEvery).unref()
  }
  onTestFinished(open)
  return { bytes, open }
}

/** Where to look changes with each step, in a way that no compiler sees through: none can look once and for all. */
const untilOpen = (gate: Tensor<"u8", readonly [number]>): Tensor<"u8", readonly []> =>
  whileLoop(
    ({ seen }) => eq(seen, 0),
    ({ x }) => {
      const next = add(mul(x, 1664525), 1013904223)
      return { x: next, seen: reshape(dynamicSlice(gate, [shiftRightLogical(next, 12)], [1]), []) }
    },
    { x: scalar(1, "u32"), seen: scalar(0, "u8") }
  ).seen

/** Runs until the gate that it is given is opened, and gives so many ones. */
export const gated = <const N extends number>(length: N) =>
  jit([u8(gateBytes)], (gate) => broadcastTo(untilOpen(gate), [length]))

/** As `gated`, in StableHLO, with one result. */
export const gatedModule: string = stablehloOf(traceNow([u8(gateBytes)], (gate) => untilOpen(gate)).program)
