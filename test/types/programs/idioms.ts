/** Idioms of JavaScript in programs: lists, classes, defaults, functions in lists, numbers from outside. */
import {
  add,
  and,
  arange,
  argmax,
  at,
  concatenate,
  cond,
  convert,
  div,
  exp,
  type F32,
  f32,
  fori,
  grad,
  gt,
  type I32,
  i32,
  jit,
  linspace,
  lt,
  matmul,
  max,
  maximum,
  mean,
  mul,
  neg,
  or,
  pow,
  random,
  scalar,
  scan,
  select,
  sin,
  square,
  stack,
  sub,
  sum,
  switchCase,
  type Tensor,
  type Tensors,
  tanh,
  tree,
  valueAndGrad,
  vmap,
  whileLoop,
  zeros
} from "loopcarry"

/** Layers that a loop of JavaScript collects. */
export const collected = jit([f32(4), f32(4, 4)], (x, w) => {
  const states: Array<F32<[4]>> = [x]
  let h = x
  for (let i = 0; i < 3; i++) {
    h = tanh(matmul(h, w))
    states.push(h)
  }
  return states
})

/** Sizes that are numbers of JavaScript. */
const sizes = [3, 8, 8, 2]
const layerSpecs = sizes.slice(1).map((n, i) => ({ w: f32(sizes[i] ?? 1, n), b: f32(n) }))
export const anyDepth = jit([layerSpecs, f32(3)], (layers, x) => {
  let h: F32<[number]> = x
  for (const { w, b } of layers) h = tanh(add(matmul(h, w), b))
  return h
})

/** A width that a const says, and twice that. */
const width = 8
export const doubled = jit([f32(width, 2 * width), f32(2 * width)], (w, b) => {
  const hidden = add(matmul(zeros([width], "f32"), w), b)
  const next = fori(0, 3, (_, h) => tanh(mul(h, 2)), hidden)
  return { next, halves: at(next, arange(width)).get() }
})

/** Records with keys that only JavaScript knows. */
type Named = { readonly [name: string]: F32<[3]> }
export const named = jit([{ a: f32(3), b: f32(3) }], (weights: Named) => {
  const loss = (w: Named) =>
    Object.values(w).reduce((total, each) => add(total, sum(square(each))), scalar(0, "f32"))
  const slopes = grad(loss)(weights)
  return tree.map((w, g) => sub(w, mul(g, 0.1)), weights, slopes)
})

/** Functions in a list, one of them called. */
const activations: ReadonlyArray<(x: F32<[5]>) => F32<[5]>> = [
  (x) => tanh(x),
  (x) => maximum(x, 0),
  (x) => mul(x, sin(x))
]
export const activated = jit([i32(), f32(5)], (which, x) => {
  const y: F32<[5]> = switchCase(which, activations, x)
  return y
})

/** A class that holds weights while a program is traced. */
class Linear<I extends number, O extends number> {
  readonly w: F32<[I, O]>
  readonly b: F32<[O]>
  constructor(w: F32<[I, O]>, b: F32<[O]>) {
    this.w = w
    this.b = b
  }
  apply(x: F32<[I]>): F32<[O]> {
    return add(matmul(x, this.w), this.b)
  }
  static of<I extends number, O extends number>(key: random.Key, inputs: I, outputs: O) {
    return new Linear(random.normal(key, [inputs, outputs]), zeros([outputs], "f32"))
  }
}
export const classes = jit([i32(), f32(3)], (seed, x) => {
  const [a, b] = random.split(random.key(seed))
  const first = Linear.of(a, 3, 5)
  const second = Linear.of(b, 5, 2)
  const y: F32<[2]> = second.apply(tanh(first.apply(x)))
  return y
})

/** Options with defaults. */
interface Settings {
  readonly rate?: number
  readonly steps?: number
  readonly decay?: number
}
function descend(
  loss: (w: F32<[3]>) => F32,
  start: F32<[3]>,
  { rate = 0.1, steps = 20, decay = 1 }: Settings = {}
) {
  const [last, values] = scan(
    { w: start, rate: scalar(rate, "f32") },
    null,
    ({ w, rate }) => {
      const [value, slope] = valueAndGrad(loss)(w)
      return [{ w: sub(w, mul(rate, slope)), rate: mul(rate, decay) }, value]
    },
    { length: steps }
  )
  return { w: last.w, values }
}
export const optioned = jit([f32(3)], (start) => {
  const { w, values } = descend((w) => sum(square(sub(w, 1))), start, { steps: 10, decay: 0.9 })
  const found: F32<[3]> = w
  return { found, values, again: descend((w) => sum(square(w)), start).w }
})

/** A loss with an argument that may be left out. */
const ridge = (w: F32<[3]>, x: F32<[3]>, weight = 0.1): F32 =>
  add(square(sum(mul(w, x))), mul(sum(square(w)), weight))
export const ridged = jit([f32(3), f32(3)], (w, x) => [
  grad((w: F32<[3]>) => ridge(w, x))(w),
  grad((w: F32<[3]>) => ridge(w, x, 0.5))(w)
])

/** Numbers on the left. */
export const numbersFirst = jit([f32(4), i32()], (x, n) => {
  const a: F32<[4]> = sub(1, x)
  const b: F32<[4]> = div(1, add(1, exp(neg(x))))
  const c: F32<[4]> = pow(2, x)
  const d: I32 = sub(10, n)
  const e: F32<[4]> = select(lt(0, x), a, b)
  const f: F32<[4]> = maximum(0, c)
  return { c, d, e, f }
})

/** Operands that are spread. */
export const spread = jit([f32(3), f32(3), f32(3)], (...all) => {
  const [first, ...rest] = all
  const total: F32<[3]> = rest.reduce((a, b) => add(a, b), first)
  const most = rest.reduce((a, b) => maximum(a, b), first)
  return [total, most, stack(all)]
})

/** A state machine of an enum-like record. */
const state = { idle: 0, busy: 1, done: 2 } as const
export const stateMachine = jit([i32(), f32(20)], (start, load) => {
  const [last, path] = scan(start, load, (s, x) => {
    const next = switchCase(s, [
      () => select(gt(x, 0), scalar(state.busy, "i32"), state.idle),
      () => select(gt(x, 1), scalar(state.done, "i32"), state.busy),
      () => scalar(state.done, "i32")
    ])
    return [next, next]
  })
  const all: I32<[20]> = path
  return { last, all }
})

/** A branch that leaves the carry as it is. */
export const skipped = jit([{ w: f32(2), n: i32() }, f32(10)], (start, xs) =>
  scan(start, xs, (c, x) => [
    cond(
      or(gt(x, 1), lt(x, -1)),
      (c) => c,
      (c) => ({ w: add(c.w, x), n: add(c.n, 1) }),
      c
    ),
    null
  ])
)

/** Conditions of several parts. */
export const search = jit([f32(50), f32()], (xs, target) => {
  const { low, high } = whileLoop(
    ({ low, high, steps }) => and(lt(low, high), lt(steps, 60)),
    ({ low, high, steps }) => {
      const middle = div(add(low, high), 2)
      const right = lt(at(xs, middle).get(), target)
      return {
        low: select(right, add(middle, 1), low),
        high: select(right, high, middle),
        steps: add(steps, 1)
      }
    },
    { low: scalar(0, "i32"), high: scalar(50, "i32"), steps: scalar(0, "i32") }
  )
  return [low, high]
})

/** A function that is declared, used before its place. */
export const declared = jit([f32(6)], (x) => smooth(smooth(x)))
function smooth(x: F32<[6]>): F32<[6]> {
  const padded = concatenate([at(x, arange(1)).get(), x, at(x, arange(5, 6)).get()])
  return mul(
    add(at(padded, arange(6)).get(), at(padded, arange(1, 7)).get(), at(padded, arange(2, 8)).get()),
    1 / 3
  )
}

/** A function with its types given to jit. */
const scaled = (p: Tensors<typeof scaledSpec>, x: F32<[3]>): F32<[3]> => add(mul(x, p.scale), p.shift)
const scaledSpec = { scale: f32(), shift: f32(3) }
export const given = jit([scaledSpec, f32(3)], scaled)

/** A table that is made once, outside. */
const grid = Float32Array.from({ length: 16 }, (_, i) => i / 16)
export const looked = jit([f32()], (x) => {
  const distances = square(sub(linspace(0, 1, 16), x))
  return { place: argmax(neg(distances)), size: scalar(grid.length, "i32") }
})

/** Polynomials of a list of coefficients, in two ways. */
const polynomial = (coefficients: ReadonlyArray<number>) => (x: F32) =>
  coefficients.reduce((y, c) => add(mul(y, x), c), mul(x, 0))
export const polynomials = jit([f32(10)], (xs) => {
  const f = polynomial([1, -2, 3])
  const ys: F32<[10]> = vmap(f)(xs)
  const slopes: F32<[10]> = vmap(grad(f))(xs)
  return { ys, slopes }
})

/** A number of steps that is an argument of JavaScript. */
const repeated = <T extends Tensor<"f32">>(f: (x: T) => T, x: T, times: number): T => {
  let y = x
  for (let i = 0; i < times; i++) y = f(y)
  return y
}
export const repeats = jit([f32(3), f32(2, 2)], (x, m) => {
  const a: F32<[3]> = repeated((v) => sin(v), x, 3)
  const b: F32<[2, 2]> = repeated((v) => matmul(v, v), m, 2)
  return { a, b, greatest: max(mean(b, 0)), n: convert(max(a), "i32") }
})
