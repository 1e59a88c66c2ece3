/** Programs of several devices. */
import {
  add,
  allGather,
  axisIndex,
  convert,
  type F32,
  f32,
  grad,
  jit,
  matmul,
  mean,
  mesh,
  mul,
  pmax,
  pmean,
  ppermute,
  psum,
  psumScatter,
  ring,
  scan,
  sharding,
  shardMap,
  square,
  sub,
  sum,
  type Tensors,
  tree,
  valueAndGrad,
  withSharding
} from "loopcarry"

const devices = mesh({ data: 2, model: 2 })
const rows = sharding(devices, "data")
const spec = { w: f32(4, 3), b: f32(3) }
type Params = Tensors<typeof spec>
const loss = ({ w, b }: Params, x: F32<[number, 4]>, y: F32<[number, 3]>) =>
  mean(square(sub(add(matmul(x, w), b), y)))

/** Slopes that all devices agree on. */
export const agreed = jit([spec, f32(8, 4), f32(8, 3)], (p, xs, ys) =>
  shardMap(
    ({ data }, p: Params, x: F32<[number, 4]>, y: F32<[number, 3]>) => {
      const [value, slopes] = valueAndGrad(loss)(p, x, y)
      return { value: pmean(value, data), p: tree.map((a, g) => sub(a, mul(g, 0.1)), p, pmean(slopes, data)) }
    },
    { mesh: devices, in: [null, rows, rows], out: null }
  )(p, xs, ys)
)

/** A product whose inner axis is divided. */
export const divided = jit([f32(4, 6), f32(6, 2)], (a, b) => {
  const y = shardMap(({ model }, a: F32<[4, number]>, b: F32<[number, 2]>) => psum(matmul(a, b), model), {
    mesh: devices,
    in: [sharding(devices, null, "model"), sharding(devices, "model")],
    out: null
  })(a, b)
  return y
})

/** Parts that go round in a ring. */
export const rounds = jit([f32(8)], (x) =>
  shardMap(
    ({ data }, part: F32<[number]>) => {
      const next = ppermute(part, data, ring(data))
      return add(next, convert(axisIndex(data), "f32"))
    },
    { mesh: devices, in: rows, out: rows }
  )(x)
)

/** The greatest of all, gathered and divided again. */
export const gathered = jit([f32(8)], (x) =>
  shardMap(
    ({ data }, part: F32<[number]>) => {
      const all = allGather(part, data)
      return add(psumScatter(all, data), pmax(sum(part), data))
    },
    { mesh: devices, in: rows, out: rows }
  )(x)
)

/** A constraint inside, and a gradient around. */
export const constrained = jit([f32(8, 4), f32(4, 4)], (xs, w) => {
  const f = (w: F32<[4, 4]>) => sum(square(withSharding(matmul(xs, w), rows)))
  const slope: F32<[4, 4]> = grad(f)(w)
  return slope
})

/** Training in a scan on all devices. */
export const trained = jit(
  [spec, f32(8, 4), f32(8, 3)],
  (p, xs, ys) =>
    shardMap(
      ({ data }, p: Params, x: F32<[number, 4]>, y: F32<[number, 3]>) =>
        scan(
          p,
          null,
          (p) => {
            const [value, slopes] = valueAndGrad(loss)(p, x, y)
            return [tree.map((a, g) => sub(a, mul(g, 0.1)), p, pmean(slopes, data)), pmean(value, data)]
          },
          { length: 5 }
        ),
      { mesh: devices, in: [null, rows, rows], out: null }
    )(p, xs, ys),
  { in: [null, rows, rows] }
)
