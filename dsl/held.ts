import { whileOperands } from "./primitives/control.ts"
import { scanOperands } from "./primitives/scan.ts"
import { type Equation, isEquation, type Params, type Primitive, type Program } from "./program.ts"
import { range } from "./values.ts"

/**
 * One of the programs that an equation holds, and how it is wired to the equation, by positions among the equation's
 * operands and results.
 */
export interface Held {
  readonly program: Program
  /** For each input, the operand that comes in there, whole or by rows; undefined: the equation makes it. */
  readonly operands: ReadonlyArray<number | undefined>
  /** For each output, the result that it becomes or is stacked in; undefined: the equation alone reads it. */
  readonly results: ReadonlyArray<number | undefined>
  /** For each output, the operand in whose place it comes in at a loop's next turn; undefined: none. */
  readonly next: ReadonlyArray<number | undefined>
}

/** What stays of an equation: results, inputs of each held program, and those programs without the rest. */
export interface Narrowing {
  readonly results: ReadonlyArray<boolean>
  readonly inputs: ReadonlyArray<ReadonlyArray<boolean>>
  readonly programs: ReadonlyArray<Program>
}

interface Holder<P extends Primitive> {
  readonly held: (params: Params[P], operands: number) => ReadonlyArray<Held>
  /** The parameters of what stays; null where an equation stays whole. */
  readonly narrowed: ((params: Params[P], stays: Narrowing) => Params[P]) | null
  /** Inputs that the equation makes stay, whether the program reads them or not. */
  readonly ownInputsStay: boolean
}

type Holds<T> = T extends Program
  ? true
  : T extends ReadonlyArray<infer Item>
    ? Holds<Item>
    : T extends (...args: never) => unknown
      ? false
      : T extends object
        ? true extends { [K in keyof T]: Holds<T[K]> }[keyof T]
          ? true
          : false
        : false

/** The primitives that hold programs. */
type Holding = { [P in Primitive]: true extends Holds<Params[P]> ? P : never }[Primitive]

const kept = <T>(items: ReadonlyArray<T>, keep: ReadonlyArray<boolean>): ReadonlyArray<T> =>
  items.filter((_, i) => keep[i])

const nothing = (items: ReadonlyArray<unknown>): ReadonlyArray<undefined> => items.map(() => undefined)

/** Which programs an equation holds: a primitive that holds some and has no line here is a type error. */
const holders: { readonly [P in Holding]: Holder<P> } = {
  scan: {
    held: (params, operands) => {
      const { consts, carry, xs } = scanOperands(params, range(operands))
      const { outputs } = params.body
      return [
        {
          program: params.body,
          operands: [...consts, ...carry, ...xs],
          results: range(outputs.length),
          next: outputs.map((_, i) => carry[i])
        }
      ]
    },
    narrowed: (params, { inputs: [inputs], programs: [body] }) => {
      const consts = inputs!.slice(0, params.consts)
      const carry = inputs!.slice(params.consts, params.consts + params.carry)
      return {
        ...params,
        body: body!,
        consts: kept(consts, consts).length,
        carry: kept(carry, carry).length,
        xs: kept(params.xs, inputs!.slice(params.consts + params.carry)),
        ...(params.names === undefined ? {} : { names: kept(params.names, carry) })
      }
    },
    ownInputsStay: false
  },
  while: {
    held: (params, operands) => {
      const { conditionConsts, bodyConsts, carry } = whileOperands(params, range(operands))
      const { condition, body } = params
      return [
        {
          program: condition,
          operands: [...conditionConsts, ...carry],
          results: nothing(condition.outputs),
          next: nothing(condition.outputs)
        },
        { program: body, operands: [...bodyConsts, ...carry], results: range(carry.length), next: carry }
      ]
    },
    narrowed: (params, { inputs: [inCondition, inBody], programs: [condition, body] }) => {
      const conditionConsts = inCondition!.slice(0, params.conditionConsts)
      const bodyConsts = inBody!.slice(0, params.bodyConsts)
      return {
        ...params,
        condition: condition!,
        body: body!,
        conditionConsts: kept(conditionConsts, conditionConsts).length,
        bodyConsts: kept(bodyConsts, bodyConsts).length
      }
    },
    ownInputsStay: false
  },
  switch: {
    held: ({ branches }, operands) =>
      branches.map((program) => ({
        program,
        operands: range(operands - 1, 1),
        results: range(program.outputs.length),
        next: nothing(program.outputs)
      })),
    narrowed: (_, { programs }) => ({ branches: programs }),
    ownInputsStay: false
  },
  customVjp: {
    held: ({ primal }, operands) => [
      {
        program: primal,
        operands: range(operands),
        results: range(primal.outputs.length),
        next: nothing(primal.outputs)
      }
    ],
    // Its rules are for all operands and results.
    narrowed: null,
    ownInputsStay: true
  },
  shardMap: {
    held: ({ mesh, body }, operands) => [
      {
        program: body,
        operands: [...nothing(Object.keys(mesh.axes)), ...range(operands)],
        results: range(body.outputs.length),
        next: nothing(body.outputs)
      }
    ],
    narrowed: (params, { results, inputs: [inputs], programs: [body] }) => ({
      ...params,
      in: kept(params.in, inputs!.slice(Object.keys(params.mesh.axes).length)),
      out: kept(params.out, results),
      body: body!
    }),
    ownInputsStay: true
  }
}

export const holderOf = (equation: Equation): Holder<Primitive> | undefined =>
  (holders as Partial<Record<Primitive, unknown>>)[equation.primitive] as Holder<Primitive> | undefined

/** The programs among an equation's parameters, wired to it. */
export const heldBy = (equation: Equation): ReadonlyArray<Held> =>
  holderOf(equation)?.held(equation.params, equation.inputs.length) ?? []

export const programsOf = (equation: Equation): ReadonlyArray<Program> =>
  heldBy(equation).map(({ program }) => program)

/** Whether a program, or one that it holds, has an equation of this primitive. */
export const holds = (primitive: Primitive, program: Program): boolean =>
  program.equations.some(
    (equation) =>
      equation.primitive === primitive || programsOf(equation).some((inner) => holds(primitive, inner))
  )

/** Whether the running time of a program depends on the values it is given. */
export const isVariable = (program: Program): boolean =>
  program.equations.some(
    (equation) =>
      isEquation(equation, "while") ||
      isEquation(equation, "switch") ||
      // It waits for this process's own thread.
      isEquation(equation, "debugPrint") ||
      (isEquation(equation, "scan") && equation.params.traced) ||
      programsOf(equation).some(isVariable)
  )

/** Whether an equation does something beside its results, which must be done though nothing uses these. */
export const hasEffect = (equation: Equation): boolean =>
  isEquation(equation, "debugPrint") ||
  programsOf(equation).some(({ equations }) => equations.some(hasEffect))

/**
 * The same question answered once for each program and each choice of its inputs or outputs: a loop's fixpoint asks
 * again at each turn, and so do those of the loops around it, which together would ask 2^depth times.
 */
export const memoized = (
  ask: (program: Program, named: ReadonlyArray<boolean>) => ReadonlyArray<boolean>
): typeof ask => {
  const answers = new WeakMap<Program, Map<string, ReadonlyArray<boolean>>>()
  return (program, named) => {
    const known = answers.get(program) ?? new Map<string, ReadonlyArray<boolean>>()
    answers.set(program, known)
    const key = named.map(Number).join("")
    const answer = known.get(key) ?? ask(program, named)
    known.set(key, answer)
    return answer
  }
}

/** Which inputs of a program those of its outputs need that are named. */
export type Needs = (program: Program, outputs: ReadonlyArray<boolean>) => ReadonlyArray<boolean>

/** Which outputs of a program come to depend on those of its inputs that are named. */
export type Reaches = (program: Program, inputs: ReadonlyArray<boolean>) => ReadonlyArray<boolean>

/** What the results of an equation that holds programs need: found by a fixpoint over the turns of a loop. */
export interface Needed {
  readonly operands: ReadonlyArray<boolean>
  readonly results: ReadonlyArray<boolean>
  /** For each held program, its outputs that are needed, and its inputs. */
  readonly outputs: ReadonlyArray<ReadonlyArray<boolean>>
  readonly inputs: ReadonlyArray<ReadonlyArray<boolean>>
}

/**
 * What an equation needs of what it holds, where `used` results are. `reads` says whether what the equation alone reads
 * (a condition) counts too.
 */
export const neededThrough = (
  equation: Equation,
  used: ReadonlyArray<boolean>,
  needs: Needs,
  reads: boolean
): Needed => {
  const held = heldBy(equation)
  const operands = equation.inputs.map(() => false)
  for (;;) {
    const outputs = held.map(({ program, results, next }) =>
      program.outputs.map((_, i) => {
        const [result, turn] = [results[i], next[i]]
        if (result === undefined && turn === undefined) return reads
        return (result !== undefined && used[result]!) || (turn !== undefined && operands[turn]!)
      })
    )
    const inputs = held.map(({ program }, k) => needs(program, outputs[k]!))
    const before = operands.filter(Boolean).length
    held.forEach((each, k) => {
      inputs[k]!.forEach((is, i) => {
        const operand = each.operands[i]
        if (is && operand !== undefined) operands[operand] = true
      })
      // A loop of no turns hands on what it was given.
      outputs[k]!.forEach((is, i) => {
        const turn = each.next[i]
        if (is && turn !== undefined) operands[turn] = true
      })
    })
    if (operands.filter(Boolean).length > before) continue
    const results = equation.outputs.map(() => false)
    held.forEach((each, k) => {
      each.results.forEach((result, i) => {
        if (result !== undefined && outputs[k]![i]) results[result] = true
      })
    })
    return { operands, results, outputs, inputs }
  }
}

/** Which results of an equation come to depend on the operands that are named, through what it holds. */
export const reachedThrough = (
  equation: Equation,
  named: ReadonlyArray<boolean>,
  reaches: Reaches
): ReadonlyArray<boolean> => {
  const held = heldBy(equation)
  const operands = [...named]
  for (;;) {
    const outputs = held.map((each) =>
      reaches(
        each.program,
        each.operands.map((operand) => operand !== undefined && operands[operand]!)
      )
    )
    const before = operands.filter(Boolean).length
    held.forEach((each, k) => {
      each.next.forEach((turn, i) => {
        if (turn !== undefined && outputs[k]![i]) operands[turn] = true
      })
    })
    if (operands.filter(Boolean).length > before) continue
    const results = equation.outputs.map(() => false)
    held.forEach((each, k) => {
      each.results.forEach((result, i) => {
        const turn = each.next[i]
        if (result !== undefined && (outputs[k]![i] || (turn !== undefined && operands[turn])))
          results[result] = true
      })
    })
    return results
  }
}
