/**
 * How the Lorenz system (1963) depends on where it starts and on its constants. Steps of Runge and Kutta are a scan.
 * Jacobians go through it forward and backward. The largest Lyapunov exponent says how fast close points part.
 */
import {
  abs,
  add,
  div,
  experiment,
  type F64,
  f64,
  flag,
  i32,
  jacfwd,
  jacrev,
  jit,
  jvp,
  log,
  max,
  mean,
  mul,
  random,
  scan,
  sqrt,
  square,
  stack,
  sub,
  sum,
  unstack,
  vmap
} from "loopcarry"

const [dt, points] = [0.01, 4] as const

type Vector = F64<readonly [3]>

const velocity = (point: Vector, constants: Vector): Vector => {
  const [x, y, z] = unstack(point)
  const [sigma, rho, beta] = unstack(constants)
  return stack([mul(sigma, sub(y, x)), sub(mul(x, sub(rho, z)), y), sub(mul(x, y), mul(beta, z))])
}

/** A step of the classical method of Runge and Kutta. */
const step = (point: Vector, constants: Vector): Vector => {
  const a = velocity(point, constants)
  const b = velocity(add(point, mul(a, dt / 2)), constants)
  const c = velocity(add(point, mul(b, dt / 2)), constants)
  const d = velocity(add(point, mul(c, dt)), constants)
  return add(point, mul(add(a, mul(2, b), mul(2, c), d), dt / 6))
}

const after = (steps: number, start: Vector, constants: Vector): Vector =>
  scan(start, null, (point) => [step(point, constants), null], { length: steps })[0]

/** By how much e-fold close points part per unit of time: a tangent goes along, and is made short again in each step. */
const exponent = (steps: number, start: Vector, constants: Vector): F64 => {
  const [, growth] = scan(
    { point: start, tangent: div(start, sqrt(sum(square(start)))) },
    null,
    ({ point, tangent }) => {
      const [next, moved] = jvp((each: Vector) => step(each, constants), [point], [tangent])
      const length = sqrt(sum(square(moved)))
      return [{ point: next, tangent: div(moved, length) }, log(length)]
    },
    { length: steps }
  )
  return div(mean(growth), dt)
}

/** Jacobians over two units of time, and exponents over as many steps as are given, each of several points. */
export const lorenz = (steps: number) =>
  jit([i32(), f64(3)], (seed, constants) => {
    const starts = add(random.normal(random.key(seed), [points, 3], "f64"), 1)
    const found = vmap((start: Vector) => {
      const end = (from: Vector, by: Vector) => after(200, from, by)
      const [byStart, byConstants] = jacrev(end, { argnums: [0, 1] })(start, constants)
      const forward = jacfwd(end)(start, constants)
      return {
        end: end(start, constants),
        byStart,
        byConstants,
        disagreement: max(abs(sub(forward, byStart))),
        exponent: exponent(steps, start, constants)
      }
    })(starts)
    return { starts, ...found }
  })

export default experiment("Lorenz sensitivity", {
  about: "a chaotic system: Jacobians in both modes, and how fast close points part",
  flags: {
    steps: flag.int(20_000, "steps of 0.01 over which points part"),
    rho: flag.float(28, "below some 24.7 the system comes to rest")
  },
  run: ({ steps, rho }, { seed }) => lorenz(steps)(seed, [10, rho, 8 / 3])
})
