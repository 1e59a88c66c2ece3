import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { scan } from "../../dsl/control/scan.ts"
import { count as words } from "../../dsl/count.ts"
import { type DType, dtypes } from "../../dsl/dtype.ts"
import type { Late } from "../../dsl/late.ts"
import { add } from "../../dsl/ops/elementwise.ts"
import {
  isList,
  requireDim,
  requireFunction,
  requireOptions,
  requireRecord,
  shown
} from "../../dsl/required.ts"
import { isSpec, Spec, type Specs, type Tensors } from "../../dsl/spec.ts"
import type { Tensor } from "../../dsl/tensor.ts"
import { flatten, type Tree, type TreeOf, unflatten } from "../../dsl/tree.ts"
import { type DeviceArray, type DeviceArrays, type HostValues, isDeviceArray, read } from "../array/array.ts"
import { decode, encode, type HostValue, plainView } from "../array/host.ts"
import type { Backend, OpenScope } from "../backend/backend.ts"
import { ArgumentError } from "../backend/errors.ts"
import type { Inputs } from "./inputs.ts"
import { type JitError, jit } from "./jit.ts"
import { leavesOf } from "./leaves.ts"

/** One step of a streamed scan. */
export interface StreamedStep<C, Y> {
  /** How many steps came before, over all. */
  readonly step: number
  /** What the body gave beside the carry, as host values. */
  readonly output: HostValues<DeviceArrays<Y>>
  /** The carry after this step, at the last step of each chunk: where the scan can be taken up again. */
  readonly resume: HostValues<DeviceArrays<Tensors<C>>> | undefined
}

/** How a streamed scan is cut into chunks. */
export interface ScanStreamOptions {
  /** How many steps run on the device at a time; that many outputs are held (1024). */
  readonly chunk?: number
}

/** One run of a streamed scan: its rows, and its steps. */
export interface ScanRun<X> {
  /** The rows that the steps see, all of them, one after the other; null where the body takes none. */
  readonly xs: Rows<X>
  /** How many steps there are, counted from the first. */
  readonly steps: number
  /** Which step to begin with, where a scan is taken up again: one more than the last one that was done (0). */
  readonly from?: number
}

/** Rows for a tree of specs of one row: typed arrays with all rows after one another, or nested lists. */
export type Rows<X> = [Specs] extends [X]
  ? unknown
  : X extends null
    ? null
    : X extends Spec
      ? ArrayBufferView | ReadonlyArray<unknown>
      : { readonly [K in keyof X]: Rows<X[K]> }

/** Some rows of host data as the elements of a chunk, the rest of which is zero. */
const chunkOf = (
  data: unknown,
  spec: Spec,
  path: string,
  total: number,
  from: number,
  count: number,
  chunk: number
) => {
  const width = spec.shape.reduce((product, dim) => product * dim, 1)
  const each = width * parts(spec.dtype)
  const given = ArrayBuffer.isView(data) ? plainView(data, path) : isList(data) ? data : undefined
  if (given === undefined)
    throw new ArgumentError({
      path,
      message: `${path} is ${shown(data)}, not rows`,
      hint: "give a typed array with all rows after one another, or a list of them"
    })
  const rows = isList(given)
    ? given.slice(from, from + count)
    : given.subarray(from * each, (from + count) * each)
  const length = isList(given) ? given.length : given.length / Math.max(1, each)
  if (length !== total) {
    throw new ArgumentError({
      path,
      message: `${path} has ${words(length, "row")}, but there ${total === 1 ? "is" : "are"} ${words(total, "step")}`,
      hint: "give as many rows as there are steps in all, also where the scan is taken up again"
    })
  }
  const bytes = encode(rows as never, new Spec(spec.dtype, [count, ...spec.shape]), path)
  const whole = new Uint8Array(new ArrayBuffer(chunk * width * dtypes[spec.dtype].bytes))
  whole.set(bytes)
  return decode(spec.dtype, [chunk, ...spec.shape], whole)
}

/** A complex number is two numbers in a typed array. */
const parts = (dtype: DType): number => (dtype === "c64" || dtype === "c128" ? 2 : 1)

const rowOf = (value: HostValue, rows: number, row: number): HostValue => {
  const all = value as unknown as { length: number; slice: (from: number, to: number) => never } & Record<
    number,
    never
  >
  const width = all.length / rows
  return width === 1 ? all[row]! : all.slice(row * width, (row + 1) * width)
}

/**
 * Runs a long scan a chunk of steps at a time: a stream of what each step gives. Memory does not grow with the number
 * of steps, here or on the device. The carry stays on the device between chunks. `carry` and `xs` are specs; the body
 * gets the carry, a row of xs (or null), and the number of the step (i32[]). The stream fails with a `JitError`;
 * options that are wrong fail at once with a `ShapeError`.
 *
 * @example
 * const walk = scanStream(f32(), null, (x, _, step) => [add(x, convert(step, "f32")), x], { chunk: 2 })
 * const first = yield* walk(0, { xs: null, steps: 4 }).pipe(Stream.runCollect)
 * first.map(({ output }) => output) // [0, 0, 1, 3]
 */
export const scanStream = <const C extends Specs, const X extends Specs, const Y extends Tree>(
  carry: C,
  xs: X,
  body: (
    carry: Tensors<C>,
    row: Tensors<X>,
    step: Tensor<"i32", readonly []>
  ) => readonly [Tensors<C>, Y] | Late<"scanStream">,
  options?: ScanStreamOptions
) => {
  const chunk = requireDim(
    "scanStream",
    "chunk",
    requireOptions("scanStream", options, ["chunk"]).chunk ?? 1024,
    1
  )
  requireFunction("scanStream", "body", body)
  const rows = flatten<Spec>(xs as Specs, isSpec, "scanStream", "xs", "spec")
  const chunkSpecs = rows.leaves.map((spec) => new Spec(spec.dtype, [chunk, ...spec.shape]))
  const i32 = new Spec("i32", [])
  const advance = jit(
    [carry, chunkSpecs, i32, i32] as never,
    ((
      start: Tensors<C>,
      given: ReadonlyArray<Tensor>,
      from: Tensor<"i32", readonly []>,
      count: Tensor<"i32", readonly []>
    ) => {
      const state = { own: start, step: from } as never
      const run = scan as unknown as (...args: ReadonlyArray<unknown>) => readonly [never, { values: Tree }]
      const step = (
        at: { own: Tensors<C>; step: Tensor<"i32", readonly []> },
        row: ReadonlyArray<Tensor> | null
      ) => {
        const own = unflatten<Tensor>(rows.structure, row ?? []) as never
        const result: unknown = body(at.own, own, at.step)
        // What is no pair is refused by the scan.
        if (!isList(result) || result.length !== 2) return result
        const [next, output] = result as readonly [Tensors<C>, Y]
        return [{ own: next, step: add(at.step, 1) }, output]
      }
      const [last, out] =
        given.length > 0
          ? run(state, given, step, { length: count })
          : run(state, null, step, { length: count, max: chunk })
      return [(last as { own: Tree }).own, out.values]
    }) as never,
    { donate: [0] }
  ) as unknown as (
    ...args: ReadonlyArray<unknown>
  ) => Effect.Effect<readonly [Tree, Tree], JitError, Backend | OpenScope>

  return (
    init: Inputs<C>,
    run: ScanRun<X>
  ): Stream.Stream<StreamedStep<C, Y>, JitError, Backend | OpenScope> => {
    const { xs: data, ...range } = requireRecord("scanStream", "the run", run, "give { xs, steps }")
    const steps = requireDim("scanStream", "steps", range.steps)
    const from = requireDim("scanStream", "from", range.from ?? 0)
    const next = (state: { readonly carry: unknown; readonly at: number }) =>
      Effect.gen(function* () {
        const count = Math.min(chunk, steps - state.at)
        if (count <= 0) return undefined
        const piece = yield* Effect.try({
          try: () =>
            leavesOf(rows.structure, data, "xs").map((given, i) =>
              chunkOf(given, rows.leaves[i]!, rows.paths[i]!, steps, state.at, count, chunk)
            ),
          catch: (error) => error as ArgumentError
        })
        const [carried, stacked] = yield* advance(state.carry, piece, state.at, count)
        const resume = yield* read(carried as unknown as TreeOf<DeviceArray>)
        const outputs = flatten<DeviceArray>(
          stacked as unknown as TreeOf<DeviceArray>,
          isDeviceArray,
          "scanStream",
          "outputs",
          "array"
        )
        const values: Array<HostValue> = []
        for (const leaf of outputs.leaves) {
          values.push(yield* leaf.read)
          yield* leaf.release
        }
        const made = Array.from({ length: count }, (_, i) => ({
          step: state.at + i,
          output: unflatten(
            outputs.structure,
            values.map((value) => rowOf(value, chunk, i))
          ),
          resume: i === count - 1 ? resume : undefined
        }))
        return [made, { carry: carried, at: state.at + count }] as const
      })
    return Stream.unfold({ carry: init as unknown, at: from }, next).pipe(
      Stream.flatMap((made) => Stream.fromIterable(made))
    ) as unknown as Stream.Stream<StreamedStep<C, Y>, JitError, Backend | OpenScope>
  }
}
