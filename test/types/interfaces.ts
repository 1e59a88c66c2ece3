/** Interfaces are trees, and a function without one is refused with one sentence. This file compiles. */
import { expectTypeOf } from "vitest"
import type { F32 } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, grad, hessian, jacrev, jvp, mul, ones, scan, sub, sum, valueAndGrad, vjp, vmap, zeros } = lc

interface Layer {
  readonly w: F32<[3]>
  readonly b: F32
}
interface Network {
  readonly first: Layer
  readonly rest: ReadonlyArray<Layer>
  readonly gain: F32 | null
}

const layer: Layer = { w: zeros([3], "f32"), b: zeros([], "f32") }
const network: Network = { first: layer, rest: [layer, layer], gain: null }

const loss = ({ w, b }: Layer): F32 => add(sum(w), b)
expectTypeOf(grad(loss)(layer)).toEqualTypeOf<Layer>()
expectTypeOf(
  grad(({ first, rest }: Network) => rest.map(loss).reduce((a, b) => add(a, b), loss(first)))(network)
).toEqualTypeOf<Network>()
expectTypeOf(valueAndGrad(loss)(layer)[1].b).toEqualTypeOf<F32>()
expectTypeOf(grad((p: Layer) => [loss(p), p], { hasAux: true })(layer)[1]).toEqualTypeOf<Layer>()
expectTypeOf(
  vmap(({ w, b }: Layer) => mul(w, b))({ w: zeros([5, 3], "f32"), b: zeros([5], "f32") })
).toEqualTypeOf<F32<[5, 3]>>()
expectTypeOf(jvp((p: Layer): Layer => p, [layer], [layer])[0]).toEqualTypeOf<Layer>()
expectTypeOf(vjp((p: Layer): Layer => p, layer)[0]).toEqualTypeOf<Layer>()
expectTypeOf(jacrev(({ w }: Layer) => w)(layer).b).toEqualTypeOf<F32<[3]>>()
expectTypeOf(hessian(loss)(layer).w.w).toEqualTypeOf<F32<[3, 3]>>()

/** Gradient descent on an interface, as a carry. */
const [trained, losses] = scan(
  layer,
  null,
  (p) => {
    const [value, slope] = valueAndGrad(loss)(p)
    return [{ w: sub(p.w, slope.w), b: sub(p.b, slope.b) }, value]
  },
  { length: 10 }
)
expectTypeOf(trained).toEqualTypeOf<Layer>()
expectTypeOf(losses).toEqualTypeOf<F32<[10]>>()
expectTypeOf(
  lc.cond(
    lc.gt(layer.b, 0),
    (p: Layer) => p,
    (p: Layer) => p,
    layer
  )
).toEqualTypeOf<Layer>()
expectTypeOf(
  lc.whileLoop(
    (p: Layer) => lc.lt(p.b, 3),
    (p) => ({ ...p, b: add(p.b, 1) }),
    layer
  )
).toEqualTypeOf<Layer>()
expectTypeOf(lc.fori(0, 3, (_, p) => ({ ...p, b: add(p.b, 1) }), layer)).toEqualTypeOf<Layer>()
export const jitted = lc.jit([lc.f32(3)], (w): Layer => ({ w, b: sum(w) }))
export const drawn = ones([1], "f32")
