import { scopeError } from "../errors.ts"
import { loopOf, runLoop } from "../loops/loop.ts"
import { placed } from "../place.ts"
import { apply } from "../primitives/index.ts"
import { type Equation, isEquation, type Primitive, type Program } from "../program.ts"
import { Environment } from "../replay.ts"
import type { Aval } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import { programOf } from "../trace.ts"
import type { AreTrees, IsTree } from "../tree-types.ts"
import { zeros } from "../values.ts"
import { applied, type Fn, tree } from "./differentiate.ts"

/** One carry of a scan, stacked over all steps. */
interface Recorded {
  readonly name: string
  readonly value: Value
}

interface Walked {
  readonly outputs: ReadonlyArray<Value>
  readonly recorded: ReadonlyArray<Recorded>
}

/** Names the scans of one program: `scan`, and where there are several `scan1`, `scan2`, in the user's order. */
const namer = (program: Program) => {
  const count = program.equations.filter((equation) => equation.primitive === "scan").length
  let next = 0
  return (): string => {
    next++
    return count === 1 ? "scan" : `scan${next}`
  }
}

const walk = (program: Program, inputs: ReadonlyArray<Value>): Walked => {
  const values = new Environment(program.inputs, inputs)
  const recorded: Array<Recorded> = []
  const scanName = namer(program)
  for (const equation of placed(program.equations)) {
    const given = values.get(equation.inputs)
    const made = step(equation, given, scanName)
    values.set(equation.outputs, made.outputs)
    for (const each of made.recorded) recorded.push(each)
  }
  return { outputs: values.get(program.outputs), recorded }
}

const step = (equation: Equation, given: ReadonlyArray<Value>, scanName: () => string): Walked => {
  if (isEquation(equation, "scan")) return recordScan(equation, given, scanName())
  if (isEquation(equation, "switch")) return recordSwitch(equation, given)
  if (isEquation(equation, "customDerivative")) return recordCustom(equation, given)
  if (isEquation(equation, "checkpoint")) return walk(equation.params.body, given)
  return { outputs: apply<Primitive>(equation.primitive, equation.params, given), recorded: [] }
}

/** Where a derivative is asked for, the result keeps its own rule. */
const recordCustom = ({ params }: Equation<"customDerivative">, given: ReadonlyArray<Value>): Walked => {
  const walked = walk(params.primal, given)
  return params.rule === null ? walked : { ...walked, outputs: apply("customDerivative", params, given) }
}

const recordScan = ({ params }: Equation<"scan">, given: ReadonlyArray<Value>, name: string): Walked => {
  if (params.length === null) {
    throw scopeError(
      "record",
      "record: a scan's length is traced without a bound, so the number of its carries is not known",
      "give it one: arange(n, { max: 100 }) or { length: n, max: 100 }"
    )
  }
  const loop = loopOf(params, given)
  let inner: ReadonlyArray<string> = []
  const yCount = params.body.outputs.length - loop.carry.length
  const { carry, ys } = runLoop(loop, loop, (consts, state, rows) => {
    const { outputs, recorded } = walk(params.body, [...consts, ...state, ...rows])
    inner = recorded.map((each) => each.name)
    const next = outputs.slice(0, loop.carry.length)
    return {
      carry: next,
      ys: [...outputs.slice(loop.carry.length), ...next, ...recorded.map(({ value }) => value)]
    }
  })
  const names = [...loop.carry.map((_, i) => params.names?.[i] ?? `carry[${i}]`), ...inner]
  return {
    outputs: [...carry, ...ys.slice(0, yCount)],
    recorded: ys.slice(yCount).map((value, i) => ({ name: `${name}.${names[i]}`, value }))
  }
}

/** The carries of branches that are not taken are recorded as zeros. */
const recordSwitch = (
  { params: { branches }, outputs }: Equation<"switch">,
  given: ReadonlyArray<Value>
): Walked => {
  const [, ...operands] = given
  const found = branches.map((branch): ReadonlyArray<{ readonly name: string; readonly aval: Aval }> => {
    let recorded: ReadonlyArray<Recorded> = []
    programOf(operands, (values) => {
      const walked = walk(branch, values)
      recorded = walked.recorded
      return walked.outputs
    })
    return recorded.map(({ name, value: { dtype, shape } }) => ({ name, aval: { dtype, shape } }))
  })
  const programs = branches.map((branch, i) =>
    programOf(operands, (values) => {
      const walked = walk(branch, values)
      const all = found.flatMap((each, k) =>
        k === i ? walked.recorded.map(({ value }) => value) : each.map(({ aval }) => zeros(aval))
      )
      return [...walked.outputs, ...all]
    })
  )
  const results = apply("switch", { branches: programs }, given)
  const names = found.flatMap((each, i) => each.map(({ name }) => `branch${i}.${name}`))
  return {
    outputs: results.slice(0, outputs.length),
    recorded: names.map((name, i) => ({ name, value: results[outputs.length + i]! }))
  }
}

/**
 * Makes a function that also gives every carry of its scans, also of nested ones and those in branches. Each leaf is
 * an array whose first axis is the steps, named by the scan's path: `scan.carry.mean`, or of the second of two scans
 * within another `scan.scan2.carry`. Carries of while loops are left out, for their number is not known. Fails with a
 * `ScopeError` for a scan without bound.
 *
 * @example
 * const doubling = (x: Tensor<"f32", readonly []>) => scan(x, null, (x) => [mul(x, 2), null], { length: 3 })
 * record(doubling)(scalar(1, "f32"))[1]["scan.carry"] // f32[3]: [2, 4, 8]
 */
export const record =
  <const A extends ReadonlyArray<unknown>, const R>(
    fn: Fn<A, R & IsTree<"record", "the result", R>> & AreTrees<"record", A>
  ) =>
  (...args: A): readonly [R, Readonly<Record<string, Tensor>>] => {
    const { program, operands, outputs } = applied("record", fn as never, args as never)
    const walked = walk(program, operands)
    const carries = walked.recorded.map(({ name, value }) => [name, tensorOf(value)] as const)
    return [tree<R>(outputs.structure, walked.outputs), Object.fromEntries(carries)]
  }
