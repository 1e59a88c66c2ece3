import { describe, expect, it } from "vitest"
import { numbers } from "../support/flat.ts"
import { cases, jitted } from "../support/language/cases.ts"
import { functions } from "../support/language/functions.ts"
import { call, close } from "../support/numbers.ts"
import { onDevice } from "../support/run.ts"

const onReference = () => onDevice("reference")

describe("each function's tangents against finite differences, on the reference device", () => {
  const run = onReference()
  // Where a difference of values does not see the derivative: constants to it, f32 on the way, jumps, NaN, ties.
  const blind = ["stopGradient", "convert", "takeOutside", "rem", "rounding", "uniformLocation"]
  // A rejection sampler jumps; its derivative is that of the distribution's quantile.
  const rejecting = ["drawGamma", "drawLoggamma", "drawGammaFamily"]
  const isBlind = (name: string) => [...blind, ...rejecting].includes(name) || name.endsWith("Ties")
  const smooth = cases.filter(({ name, kinds }) => kinds.includes("jvp") && !isBlind(name))

  it.each(smooth.map((one) => [one.name, one] as const))("%s", async (name, one) => {
    const fn = functions[name]!
    const program = jitted({ ...one, kinds: ["jvp"] })
    const found = (await call(run, program.program, ...program.inputs))[0] as ReadonlyArray<unknown>
    const step = 1e-6
    const isFloat = (dtype: string) => dtype === "f64"
    const moved = (sign: number) => {
      let next = 0
      return one.args.map((arg) => {
        if (!isFloat(arg.dtype)) return arg
        const t = one.ts![next++]!
        return { ...arg, data: arg.data.map((value, i) => Number(value) + sign * step * Number(t.data[i])) }
      })
    }
    const at = async (sign: number) => {
      const value = jitted({ ...one, args: moved(sign), kinds: ["value"] })
      return (await call(run, value.program, ...value.inputs))[0] as ReadonlyArray<unknown>
    }
    const [ahead, behind] = [await at(1), await at(-1)]
    const values = one.value!.map(({ dtype }, i) => (isFloat(dtype) ? i : -1)).filter((i) => i >= 0)
    values.forEach((i, k) => {
      const before = numbers(behind[i])
      const differences = numbers(ahead[i]).map((value, j) => (value - before[j]!) / (2 * step))
      close(numbers(found[k]), differences, 2e-4, `${name} result ${i}`)
    })
    expect(fn).toBeDefined()
  })
})

describe("forward against reverse mode", () => {
  const run = onReference()
  const both = cases.filter(({ kinds }) => kinds.includes("jvp") && kinds.includes("vjp"))

  it.each(both.map((one) => [one.name, one] as const))("%s", async (name, one) => {
    const program = jitted({ ...one, kinds: ["jvp", "vjp"] })
    const [jvp, vjp] = (await call(run, program.program, ...program.inputs)) as ReadonlyArray<
      ReadonlyArray<unknown>
    >
    const dot = (found: ReadonlyArray<unknown>, given: typeof one.ts) =>
      given!.reduce((total, { data }, k) => {
        const values = numbers(found[k])
        return data.reduce<number>((t, value, i) => t + Number(value) * values[i]!, total)
      }, 0)
    close([dot(jvp!, one.cts)], [dot(vjp!, one.ts)], name === "convert" ? 1e-5 : 1e-9, name)
  })
})

describe("a batch of two against two calls", () => {
  const run = onReference()
  const batched = cases.filter(({ kinds }) => kinds.includes("vmap"))

  it.each(batched.map((one) => [one.name, one] as const))("%s", async (name, one) => {
    const of = async (kinds: typeof one.kinds, args = one.args) => {
      const { program, inputs } = jitted({ ...one, args, kinds })
      return (await call(run, program, ...inputs))[0] as ReadonlyArray<unknown>
    }
    const together = await of(["vmap"])
    const [first, second] = [await of(["value"]), await of(["value"], one.args2)]
    together.forEach((both, i) => {
      const apart = [...numbers(first[i]), ...numbers(second[i])]
      const [a, b] = [numbers(both), apart].map((list) => list.map((x) => (Number.isFinite(x) ? x : 0)))
      close(a!, b!, 1e-12, `${name} result ${i}`)
    })
  })
})
