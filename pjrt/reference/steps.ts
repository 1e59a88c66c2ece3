import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { TraceError } from "../../dsl/errors.ts"
import { scopeError } from "../../dsl/errors.ts"
import { loweredFor } from "../../dsl/passes/index.ts"
import { type Equation, isEquation, type Program } from "../../dsl/program.ts"
import type { NdArray } from "../../dsl/reference/array.ts"
import { scanSteps } from "../../dsl/reference/control.ts"
import { run } from "../../dsl/reference/run.ts"
import { leafCount, unflatten } from "../../dsl/tree.ts"
import type { DeviceArrays, HostValues } from "../array/array.ts"
import type { HostValue } from "../array/host.ts"
import type { ArgumentError } from "../backend/errors.ts"
import type { Inputs } from "../jit/inputs.ts"
import type { Jitted } from "../jit/jit.ts"
import { encodeArguments } from "../jit/leaves.ts"
import { arrayOfBytes, hostValue } from "./backend.ts"

/** A scan after one of its steps. */
export interface Step<C> {
  /** How many steps came before. */
  readonly step: number
  /** The row of xs that this step had; in a reversed scan it counts down. */
  readonly row: number
  /** The carry that the step gave, as host values. */
  readonly carry: HostValues<DeviceArrays<C>>
}

const interpreter = { platform: "reference", takes: "program" } as const

/** The scan whose last carry is the first of the program's results. */
const steppedScan = (program: Program, carry: number): Equation<"scan"> | undefined =>
  program.equations.find(
    (equation): equation is Equation<"scan"> =>
      isEquation(equation, "scan") &&
      equation.params.carry === carry &&
      equation.outputs.slice(0, carry).every((output, i) => output === program.outputs[i])
  )

/**
 * Runs a jitted function that returns what `scan` gives, one step at a time on the reference device: a stream of the
 * carry after each step. A step is computed when the stream is asked for it, and only one is held. The stream fails
 * with a `TraceError`, or an `ArgumentError` for arguments that do not fit.
 *
 * @example
 * const total = jit([f32()], (x) => scan(x, arange(5, "f32"), (sum, i) => [add(sum, i), null]))
 * const seen = yield* steps(total, 0).pipe(Stream.take(3), Stream.runCollect)
 * seen.map(({ carry }) => carry) // [0, 1, 3]
 */
export const steps = <P extends ReadonlyArray<unknown>, C, Y>(
  jitted: Jitted<P, readonly [C, Y]>,
  ...args: { [K in keyof P]: Inputs<P[K]> }
): Stream.Stream<Step<C>, TraceError | ArgumentError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { inputs, outputs, program: written } = yield* jitted.traced
      // Passes that improve a program may take its scan apart.
      const program = loweredFor(written, interpreter)
      const structure = outputs.kind === "list" ? outputs.items[0] : undefined
      const scan = structure === undefined ? undefined : steppedScan(program, leafCount(structure))
      if (scan === undefined) {
        return yield* scopeError(
          "steps",
          "steps: the function's first result is not the carry of a scan",
          "return what scan gives: a pair of carry and outputs"
        )
      }
      const given = yield* encodeArguments(inputs, args)
      const operands = before(
        program,
        scan,
        given.map((bytes, i) => arrayOfBytes(inputs.leaves[i]!, bytes))
      )
      const iterator = scanSteps(scan.params, operands, run)
      return Stream.unfold(undefined, () =>
        Effect.sync(() => {
          const next = iterator.next()
          if (next.done === true) return undefined
          const { step, row, carry } = next.value
          const values = unflatten<HostValue>(structure!, carry.map(hostValue))
          return [{ step, row, carry: values } as unknown as Step<C>, undefined] as const
        })
      )
    })
  )

/** The operands of one equation: all that the program does before it. */
const before = (
  program: Program,
  equation: Equation,
  inputs: ReadonlyArray<NdArray>
): ReadonlyArray<NdArray> =>
  run(
    {
      inputs: program.inputs,
      equations: program.equations.slice(0, program.equations.indexOf(equation)),
      outputs: equation.inputs
    },
    inputs
  )
