import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { requireDim, requireOptions } from "../../dsl/required.ts"
import { flatten, type TreeOf, unflatten } from "../../dsl/tree.ts"
import { DeviceArray } from "../array/array.ts"
import { Backend } from "../backend/backend.ts"
import type { PutError } from "../backend/errors.ts"
import { inPhase } from "../backend/spans.ts"
import type { Batch, Batches } from "./batches.ts"
import { isNdArray, type NdArray } from "./ndarray.ts"
import type { DeviceRows } from "./rows.ts"

/** How batches are put on a device ahead of the steps that use them. */
export interface PrefetchOptions {
  /** How many are on the device, or on their way, beside the one in use (2). */
  readonly depth?: number
  /** The step to begin with, where a loop is taken up again (0). */
  readonly from?: number
}

/** What the one who puts batches says to the one who takes them. */
type Said =
  | { readonly batch: Batch<unknown>; readonly scope: Scope.Closeable }
  | { readonly failed: PutError }
  | "end"

const put = (backend: Backend["Service"], scope: Scope.Scope, { data, ...rest }: Batch<unknown>) =>
  Effect.gen(function* () {
    const { leaves, structure } = flatten<NdArray>(
      data as TreeOf<NdArray>,
      isNdArray,
      "prefetch",
      "data",
      "any"
    )
    const arrays: Array<DeviceArray> = []
    for (const { dtype, shape, bytes } of leaves)
      arrays.push(new DeviceArray(yield* inPhase("upload", backend.put({ dtype, shape, bytes }, scope))))
    return { ...rest, data: unflatten(structure, arrays) } as Batch<unknown>
  })

/**
 * Puts batches on the device while steps run: a stream of batches that are there already. `depth` batches beside the
 * one in use are on the device, and no more. A batch is freed when the next one is taken, and all when the stream ends.
 * So an upload that takes less time than a step takes none of the loop's. The stream fails with a `PutError`. Options
 * that are wrong throw a `ShapeError` or a `ValueError`.
 *
 * @example
 * const train = batches({ x: Float32Array.of(1, 2, 3, 4) }, { size: 2, epochs: 1, shuffle: false })
 * const total = jit([f32(2)], (x) => sum(x))
 * const steps = Stream.mapEffect(prefetch(train), ({ data }) => Effect.flatMap(total(data.x), (y) => y.read))
 * yield* Stream.runCollect(steps) // [3, 7]
 */
export const prefetch = <T, N extends number>(
  given: Batches<T, N>,
  options?: PrefetchOptions
): Stream.Stream<Batch<DeviceRows<T, N>>, PutError, Backend> => {
  const read = requireOptions("prefetch", options, ["depth", "from"])
  const depth = requireDim("prefetch", "depth", read.depth ?? 2, 1)
  const from = requireDim("prefetch", "from", read.from ?? 0)
  const stream = Effect.gen(function* () {
    const backend = yield* Backend
    const whole = yield* Scope.Scope
    /** Each permits one batch to be on the device before it is taken. */
    const permits = yield* Queue.unbounded<void>()
    yield* Queue.offerAll(
      permits,
      Array.from({ length: depth }, () => undefined)
    )
    const ready = yield* Queue.unbounded<Said>()
    const upload = Effect.gen(function* () {
      for (let step = from; step < given.steps; step++) {
        yield* Queue.take(permits)
        const scope = yield* Scope.fork(whole)
        const batch = yield* put(backend, scope, given.at(step))
        yield* Queue.offer(ready, { batch, scope })
      }
      yield* Queue.offer(ready, "end")
    })
    yield* Effect.forkScoped(Effect.catch(upload, (failed) => Effect.asVoid(Queue.offer(ready, { failed }))))
    const next = (used: Scope.Closeable | undefined) =>
      Effect.gen(function* () {
        if (used !== undefined) yield* Scope.close(used, Exit.void)
        const said = yield* Queue.take(ready)
        if (said === "end") return undefined
        if ("failed" in said) return yield* Effect.fail(said.failed)
        yield* Queue.offer(permits, undefined)
        return [said.batch, said.scope] as const
      })
    return Stream.unfold(undefined as Scope.Closeable | undefined, next)
  })
  return Stream.unwrap(stream) as never
}
