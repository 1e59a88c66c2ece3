import { count } from "./count.ts"
import { showProgramsBy } from "./display.ts"
import { heldBy } from "./held.ts"
import { showMesh } from "./mesh.ts"
import { whileOperands } from "./primitives/control.ts"
import { scanOperands } from "./primitives/scan.ts"
import { type Equation, isEquation, type Program, type Scalar, type Var, type XsLeaf } from "./program.ts"
import { decimal } from "./rounding.ts"
import { show } from "./shape.ts"
import { requireProgram } from "./verifier.ts"

const name = (variable: Var): string => `%${variable.id}`
const typed = (variable: Var): string => `${name(variable)}: ${show(variable.aval)}`
const list = (items: ReadonlyArray<string>): string => items.join(", ")

const constant = (value: Scalar | ReadonlyArray<Scalar>): string =>
  Array.isArray(value)
    ? `[${value.length <= 8 ? list(value.map(decimal)) : `${list(value.slice(0, 8).map(decimal))}, ... ${value.length} numbers`}]`
    : decimal(value as Scalar)

const showLeaf = (leaf: XsLeaf, operand: Var | undefined): string =>
  leaf.kind === "rows"
    ? `rows ${name(operand!)}`
    : `arange ${leaf.dtype} from ${leaf.start === null ? name(operand!) : decimal(leaf.start)} step ${decimal(leaf.step)}`

const showParam = (value: unknown): string => {
  if (typeof value === "object") return JSON.stringify(value)
  return typeof value === "number" ? decimal(value) : String(value)
}

/** Parameters in one notation: `axes=[0, 1]`. */
const showParams = (params: object): string =>
  Object.entries(params)
    .map(([key, value]) => ` ${key}=${showParam(value)}`)
    .join("")

const scanLines = (equation: Equation<"scan">, indent: string): ReadonlyArray<string> => {
  const { params } = equation
  const { length, consts, carry, xs } = scanOperands(params, equation.inputs)
  const steps =
    length === undefined
      ? params.length
      : params.length === null
        ? name(length)
        : `${name(length)} of at most ${params.length}`
  const parts = [`length=${steps}`, `carry=(${list(carry.map(name))})`]
  if (params.xs.length > 0) parts.push(`xs=(${list(params.xs.map((leaf, i) => showLeaf(leaf, xs[i])))})`)
  if (consts.length > 0) parts.push(`consts=(${list(consts.map(name))})`)
  if (params.reverse) parts.push("reverse")
  if (params.unroll > 1) parts.push(`unroll=${params.unroll}`)
  if (params.checkpoint !== "all") parts.push(`checkpoint=${JSON.stringify(params.checkpoint)}`)
  const free = carry.filter((_, i) => params.reassociate?.[i]).map(name)
  if (free.length > 0) parts.push(`reassociate=(${list(free)})`)
  if (params.lean) parts.push("lean")
  return blockLines(equation, parts.join(" "), titled(equation), indent)
}

/** The programs that an equation holds, each under its title. */
const titled = (equation: Equation): ReadonlyArray<readonly [string, Program]> =>
  heldBy(equation).map(({ title, program }) => [title, program])

/** An equation that holds programs, each under its name. */
const blockLines = (
  equation: Equation,
  words: string,
  programs: ReadonlyArray<readonly [string, Program]>,
  indent: string
): ReadonlyArray<string> => [
  `${indent}${list(equation.outputs.map(typed))} = ${equation.primitive} ${words} {`,
  ...programs.flatMap(([title, program]) => programLines(program, title, `${indent}  `)),
  `${indent}}`
]

const whileLines = (equation: Equation<"while">, indent: string): ReadonlyArray<string> => {
  const { params, inputs } = equation
  const { conditionConsts, bodyConsts, carry } = whileOperands(params, inputs)
  const parts = [`carry=(${list(carry.map(name))})`]
  if (conditionConsts.length > 0) parts.push(`conditionConsts=(${list(conditionConsts.map(name))})`)
  if (bodyConsts.length > 0) parts.push(`bodyConsts=(${list(bodyConsts.map(name))})`)
  if (params.max !== null) parts.push(`max=${params.max}`)
  if (params.checkpoint !== "all") parts.push(`checkpoint=${JSON.stringify(params.checkpoint)}`)
  return blockLines(equation, parts.join(" "), titled(equation), indent)
}

const equationLines = (equation: Equation, indent: string): ReadonlyArray<string> => {
  if (isEquation(equation, "scan")) return scanLines(equation, indent)
  if (isEquation(equation, "while")) return whileLines(equation, indent)
  if (isEquation(equation, "switch")) {
    const words = `${name(equation.inputs[0]!)} operands=(${list(equation.inputs.slice(1).map(name))})`
    return blockLines(equation, words, titled(equation), indent)
  }
  if (isEquation(equation, "customDerivative")) {
    const words = `operands=(${list(equation.inputs.map(name))})`
    const { rule } = equation.params
    const rules: ReadonlyArray<readonly [string, Program]> =
      rule === null
        ? []
        : "dual" in rule
          ? [["dual", rule.dual]]
          : [
              ["forward", rule.forward],
              ["backward", rule.backward]
            ]
    return blockLines(equation, words, [...titled(equation), ...rules], indent)
  }
  if (isEquation(equation, "checkpoint")) {
    const words = `operands=(${list(equation.inputs.map(name))}) policy=${JSON.stringify(equation.params.policy)}`
    return blockLines(equation, words, titled(equation), indent)
  }
  if (isEquation(equation, "shardMap")) {
    const { mesh, in: specs, out } = equation.params
    const words = `operands=(${list(equation.inputs.map(name))}) mesh=${showMesh(mesh)} in=${JSON.stringify(specs)} out=${JSON.stringify(out)}`
    return blockLines(equation, words, titled(equation), indent)
  }
  const params = isEquation(equation, "constant")
    ? ` ${constant(equation.params.value)}`
    : showParams(equation.params)
  const operands = equation.inputs.map((input) => ` ${name(input)}`).join("")
  return [`${indent}${list(equation.outputs.map(typed))} = ${equation.primitive}${operands}${params}`]
}

const programLines = (program: Program, title: string, indent: string): ReadonlyArray<string> => [
  `${indent}${title}(${list(program.inputs.map(typed))}) {`,
  ...program.equations.flatMap((equation) => equationLines(equation, `${indent}  `)),
  `${indent}  return ${list(program.outputs.map(name))}`,
  `${indent}}`
]

/**
 * Writes a program as text for people: golden files, bug reports, `loopcarry emit --program`. Fails with a
 * `ValueError` for what is no program.
 *
 * @example
 * const { program } = yield* trace([f32(3)], (x) => mul(x, 2))
 * print(program).includes("mul") // true
 */
export const print = (program: Program): string => {
  requireProgram("print", program)
  return `${programLines(program, "program", "").join("\n")}\n`
}

showProgramsBy((shown, brief) => {
  const program = shown as Program
  return brief ? `program of ${count(program.equations.length, "equation")}` : print(program).trimEnd()
})
