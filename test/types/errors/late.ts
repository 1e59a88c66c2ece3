/** Functions that must not be async, and must not give Effects. The last line that the compiler prints says so. */
import * as Effect from "effect/Effect"
import {
  cond,
  f32,
  fori,
  grad,
  jit,
  lt,
  map,
  scalar,
  scan,
  switchCase,
  trace,
  valueAndGrad,
  vmap,
  whileLoop,
  zeros
} from "loopcarry"
import { scanStream } from "loopcarry/pjrt"

const s = scalar(1, "f32")
const v = zeros([3], "f32")

export const asyncJit = jit([f32(3)], async (x) => x)

export const asyncTrace = trace([f32(3)], async (x) => x)

export const asyncScan = scan(s, v, async (carry) => {
  const next = await Promise.resolve(carry)
  return [next, null]
})

export const asyncFori = fori(0, 3, async (_, carry) => carry, s)

export const asyncMap = map(async (x) => x, v)

export const asyncCondition = whileLoop(
  async (x) => lt(x, 1),
  (x) => x,
  s
)

export const asyncLoop = whileLoop(
  (x) => lt(x, 1),
  async (x) => x,
  s
)

export const asyncBranch = cond(
  lt(s, 1),
  async () => s,
  () => s
)

export const asyncCase = switchCase(scalar(0, "i32"), [async () => s])

export const asyncVmap = vmap(async (x: typeof s) => x)(v)

export const asyncGrad = grad(async (x: typeof s) => x)(s)

export const asyncStream = scanStream(f32(), null, async (x) => {
  const next = await Promise.resolve(x)
  return [next, null]
})

export const effectJit = jit([f32(3)], (x) => Effect.succeed(x))

export const effectScan = scan(s, v, (carry) => Effect.succeed([carry, null] as const))

export const effectFori = fori(0, 3, (_, carry) => Effect.succeed(carry), s)

export const effectBranch = cond(
  lt(s, 1),
  () => Effect.succeed(s),
  () => s
)

export const effectLoss = valueAndGrad((x: typeof s) => Effect.succeed(x))(s)

const double = jit([f32(3)], (x) => x)

export const jittedInside = jit([f32(3)], () => double([1, 2, 3]))
