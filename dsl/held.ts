import { whileOperands } from "./primitives/control.ts"
import { scanOperands } from "./primitives/scan.ts"
import { type Equation, isEquation, type Params, type Primitive, type Program } from "./program.ts"
import { range } from "./values.ts"

/**
 * One of the programs that an equation holds, and how it is wired to the equation, by positions among the equation's
 * operands and results.
 */
export interface Held {
  /** What it is to the equation: its body, its condition, a branch. */
  readonly title: string
  readonly program: Program
  /** For each input, the operand that enters there, whole or by rows; undefined where the equation makes the input. */
  readonly operands: ReadonlyArray<number | undefined>
  /** For each output, the result that it becomes or is stacked in; undefined where only the equation reads it. */
  readonly results: ReadonlyArray<number | undefined>
  /** For each output, the operand whose input it replaces at a loop's next turn; undefined where there is none. */
  readonly next: ReadonlyArray<number | undefined>
}

/** What remains of an equation: its results, the inputs of each held program, and the programs narrowed to them. */
export interface Narrowing {
  readonly results: ReadonlyArray<boolean>
  readonly inputs: ReadonlyArray<ReadonlyArray<boolean>>
  readonly programs: ReadonlyArray<Program>
}

interface Holder<P extends Primitive> {
  readonly held: (params: Params[P], operands: number) => ReadonlyArray<Held>
  /** The parameters with the held programs replaced by others of the same types. */
  readonly mapped: (params: Params[P], programs: ReadonlyArray<Program>) => Params[P]
  /** The parameters of what remains; null for equations that are never narrowed. */
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
          title: "body",
          program: params.body,
          operands: [...consts, ...carry, ...xs],
          results: range(outputs.length),
          next: outputs.map((_, i) => carry[i])
        }
      ]
    },
    mapped: (params, [body]) => ({ ...params, body: body! }),
    narrowed: (params, { inputs: [inputs], programs: [body] }) => {
      const consts = inputs!.slice(0, params.consts)
      const carry = inputs!.slice(params.consts, params.consts + params.carry)
      return {
        ...params,
        body: body!,
        consts: kept(consts, consts).length,
        carry: kept(carry, carry).length,
        xs: kept(params.xs, inputs!.slice(params.consts + params.carry)),
        ...(params.names === undefined ? {} : { names: kept(params.names, carry) }),
        ...(params.reassociate === undefined ? {} : { reassociate: kept(params.reassociate, carry) })
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
          title: "condition",
          program: condition,
          operands: [...conditionConsts, ...carry],
          results: nothing(condition.outputs),
          next: nothing(condition.outputs)
        },
        {
          title: "body",
          program: body,
          operands: [...bodyConsts, ...carry],
          results: range(carry.length),
          next: carry
        }
      ]
    },
    mapped: (params, [condition, body]) => ({ ...params, condition: condition!, body: body! }),
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
      branches.map((program, i) => ({
        title: `branch${i}`,
        program,
        operands: range(operands - 1, 1),
        results: range(program.outputs.length),
        next: nothing(program.outputs)
      })),
    mapped: (_, programs) => ({ branches: programs }),
    narrowed: (_, { programs }) => ({ branches: programs }),
    ownInputsStay: false
  },
  customDerivative: {
    held: ({ primal }, operands) => [
      {
        title: "primal",
        program: primal,
        operands: range(operands),
        results: range(primal.outputs.length),
        next: nothing(primal.outputs)
      }
    ],
    mapped: (params, [primal]) => ({ ...params, primal: primal! }),
    // Its rules are for all operands and results.
    narrowed: null,
    ownInputsStay: true
  },
  checkpoint: {
    held: ({ body }, operands) => [
      {
        title: "body",
        program: body,
        operands: range(operands),
        results: range(body.outputs.length),
        next: nothing(body.outputs)
      }
    ],
    mapped: (params, [body]) => ({ ...params, body: body! }),
    narrowed: (params, { programs: [body] }) => ({ ...params, body: body! }),
    ownInputsStay: false
  },
  shardMap: {
    held: ({ mesh, body }, operands) => [
      {
        title: "body",
        program: body,
        operands: [...nothing(Object.keys(mesh.axes)), ...range(operands)],
        results: range(body.outputs.length),
        next: nothing(body.outputs)
      }
    ],
    mapped: (params, [body]) => ({ ...params, body: body! }),
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
      // It waits for the thread of this process.
      isEquation(equation, "debugPrint") ||
      (isEquation(equation, "scan") && equation.params.traced) ||
      programsOf(equation).some(isVariable)
  )

/** Whether an equation does something beside its results, which must be done though nothing uses these. */
export const hasEffect = (equation: Equation): boolean =>
  isEquation(equation, "debugPrint") || programsOf(equation).some(hasEffects)

/** Answers for each program once: what is asked at each level of a nest asks about all levels below. */
export const onceFor = (ask: (program: Program) => boolean): ((program: Program) => boolean) => {
  const answers = new WeakMap<Program, boolean>()
  return (program) => {
    const known = answers.get(program)
    if (known !== undefined) return known
    const answer = ask(program)
    answers.set(program, answer)
    return answer
  }
}

const hasEffects = onceFor(({ equations }) => equations.some(hasEffect))
