/** Interfaces as parameters, states, rows and results. */
import {
  add,
  cond,
  type F32,
  f32,
  fori,
  grad,
  gt,
  type I32,
  i32,
  jit,
  jvp,
  lt,
  matmul,
  mul,
  ones,
  random,
  scalar,
  scan,
  select,
  square,
  sub,
  sum,
  switchCase,
  tree,
  valueAndGrad,
  vjp,
  vmap,
  whileLoop,
  zeros
} from "loopcarry"

interface Particle {
  readonly position: F32<[2]>
  readonly speed: F32<[2]>
}
interface World {
  readonly particle: Particle
  readonly time: F32
  readonly bounces: I32
}
interface Swarm {
  readonly position: F32<[30, 2]>
  readonly speed: F32<[30, 2]>
}

const start: Particle = { position: zeros([2], "f32"), speed: ones([2], "f32") }
const move = (p: Particle, dt: F32): Particle => ({ ...p, position: add(p.position, mul(p.speed, dt)) })

/** A world in a scan. */
export const simulate = jit([f32()], (dt) => {
  const world: World = { particle: start, time: scalar(0, "f32"), bounces: scalar(0, "i32") }
  const [last, path] = scan(
    world,
    null,
    (w): [World, F32<[2]>] => {
      const particle = move(w.particle, dt)
      return [{ particle, time: add(w.time, dt), bounces: add(w.bounces, 1) }, particle.position]
    },
    { length: 20 }
  )
  const end: World = last
  const points: F32<[20, 2]> = path
  return { end, points }
})

/** A swarm: the rows of an interface, by vmap of one particle. */
export const swarm = jit([{ position: f32(30, 2), speed: f32(30, 2) }, f32()], (all, dt) => {
  const next: Swarm = vmap(move, { in: [0, null] })(all, dt)
  return next
})

/** A loss of an interface, whose slopes are one too. */
export const aimed = jit([{ position: f32(2), speed: f32(2) }], (p) => {
  const miss = (p: Particle): F32 => sum(square(sub(move(p, scalar(1, "f32")).position, 3)))
  const slopes: Particle = grad(miss)(p)
  const better: Particle = tree.map((a, g) => sub(a, mul(g, 0.1)), p, slopes)
  return better
})

/** One of two interfaces. */
export const reflected = jit([{ position: f32(2), speed: f32(2) }], (p) => {
  const out: Particle = cond(
    gt(sum(p.position), 1),
    (q): Particle => ({ ...q, speed: mul(q.speed, -1) }),
    (q) => q,
    p
  )
  return out
})

/** One of several, each made by a function with a name. */
const still = (p: Particle): Particle => ({ ...p, speed: zeros([2], "f32") })
const faster = (p: Particle): Particle => ({ ...p, speed: mul(p.speed, 2) })
export const changed = jit([{ position: f32(2), speed: f32(2) }, i32()], (p, n) => {
  const out: Particle = switchCase(n, [still, faster, (q) => q], p)
  return out
})

/** A while loop of an interface. */
export const falling = jit([{ position: f32(2), speed: f32(2) }], (p) => {
  const landed: Particle = whileLoop(
    (q: Particle) => lt(sum(q.position), 10),
    (q) => move(q, scalar(0.1, "f32")),
    p
  )
  return landed
})

/** Directional derivatives, forwards and backwards. */
export const directions = jit([{ position: f32(2), speed: f32(2) }], (p) => {
  const f = (q: Particle) => mul(q.position, q.speed)
  const [value, slope] = jvp(f, [p], [start])
  const [again, pull] = vjp(f, p)
  const [cotangent] = pull(again)
  const back: Particle = cotangent
  return { value, slope, back }
})

interface Options {
  readonly rate: number
  readonly steps: number
}
/** Options that are numbers of JavaScript, in an interface of their own. */
const fitOf = (w: F32<[3]>, x: F32<[3]>, { rate, steps }: Options): F32<[3]> =>
  fori(0, steps, (_, w) => sub(w, mul(grad((w: F32<[3]>) => square(sum(mul(w, x))))(w), rate)), w)
export const fitted = jit([f32(3), f32(3)], (w, x) => fitOf(w, x, { rate: 0.1, steps: 10 }))

interface Stack<I extends number, H extends number, O extends number> {
  readonly first: Layer<I, H>
  readonly second: Layer<H, O>
}
interface Layer<I extends number, O extends number> {
  readonly w: F32<[I, O]>
  readonly b: F32<[O]>
}
const forward = <I extends number, H extends number, O extends number>(
  { first, second }: Stack<I, H, O>,
  x: F32<[I]>
): F32<[O]> => add(matmul(add(matmul(x, first.w), first.b), second.w), second.b)

/** Interfaces generic in dimensions, in interfaces. */
export const stacked = jit(
  [{ first: { w: f32(3, 5), b: f32(5) }, second: { w: f32(5, 2), b: f32(2) } }, f32(3)],
  (model, x) => {
    const loss = (m: Stack<3, 5, 2>) => sum(square(forward(m, x)))
    const [value, slopes] = valueAndGrad(loss)(model)
    const w: F32<[5, 2]> = slopes.second.w
    return { value, w }
  }
)

interface Node {
  readonly value: F32
  readonly left: Node | null
  readonly right: Node | null
}
/** An interface that holds itself. */
const total = (node: Node): F32 => {
  const left = node.left === null ? scalar(0, "f32") : total(node.left)
  const right = node.right === null ? scalar(0, "f32") : total(node.right)
  return add(node.value, left, right)
}
export const totalled = jit([f32(), f32()], (a, b) => {
  const leaf = (value: F32): Node => ({ value, left: null, right: null })
  return total({ value: a, left: leaf(b), right: { value: b, left: leaf(a), right: null } })
})

interface Chain {
  readonly key: random.Key
  readonly place: F32<[2]>
  readonly accepted: I32
}
/** A Markov chain, whose key is in its state. */
export const metropolis = jit([i32()], (seed) => {
  const density = (x: F32<[2]>): F32 => mul(sum(square(x)), -0.5)
  const first: Chain = { key: random.key(seed), place: zeros([2], "f32"), accepted: scalar(0, "i32") }
  const [last, draws] = scan(
    first,
    null,
    ({ key, place, accepted }) => {
      const [next, both] = random.split(key)
      const [a, b] = random.split(both)
      const offer = add(place, random.normal(a, [2]))
      const taken = lt(random.uniform(b, []), sub(density(offer), density(place)))
      const now = select(taken, offer, place)
      return [{ key: next, place: now, accepted: select(taken, add(accepted, 1), accepted) }, now]
    },
    { length: 200 }
  )
  const all: F32<[200, 2]> = draws
  return { accepted: last.accepted, all }
})

/** Interfaces and tuples that may be written to, as many people write them. */
interface Floor {
  w: F32<[3, 3]>
  b: F32<[3]>
}
interface Tower {
  layers: Floor[]
}

const through = (net: Tower, x: F32<[3]>): F32<[3]> =>
  net.layers.reduce((y, { w, b }) => add(matmul(y, w), b), x)
const towerLoss = (net: Tower, x: F32<[3]>): F32 => sum(square(through(net, x)))

const halved = (net: Tower): Tower => tree.map((each) => mul(each, 0.5), net)
const lossAndSlope = (net: Tower, x: F32<[3]>): [F32, Tower] => valueAndGrad(towerLoss)(net, x)
const trainedOn = (net: Tower, xs: F32<[5, 3]>): [Tower, F32<[5]>] =>
  scan(net, xs, (now, x) => {
    const [loss, slope] = lossAndSlope(now, x)
    return [tree.map((p, g) => sub(p, mul(g, 0.01)), now, slope), loss]
  })

export const mutableTower = jit([f32(3, 3), f32(3), f32(5, 3)], (w, b, xs) => {
  const [net, losses] = trainedOn(
    halved({
      layers: [
        { w, b },
        { w, b }
      ]
    }),
    xs
  )
  return { net, losses }
})
