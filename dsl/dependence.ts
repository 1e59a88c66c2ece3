import { heldBy } from "./held.ts"
import type { Equation, Program } from "./program.ts"

/**
 * Answers the question once for each program and each choice of its inputs or outputs. A loop's fixpoint asks again at
 * each round, and so do the loops around it: without this, 2^depth times.
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
      // A loop of no turns returns its initial carry.
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
