import { count as words } from "../count.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireTensor, shown } from "../required.ts"
import { show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { EinsumCheck, EinsumShape } from "../types/einsum.ts"
import type { NumericDType } from "../types.ts"
import { compare, iota, range, select, sum, transpose, zeros } from "../values.ts"

const refuse = (message: string, hint: string) => valueError("einsum", `einsum: ${message}`, hint)

interface Term {
  readonly value: Value
  readonly axes: ReadonlyArray<string>
}

const parse = (spec: string, count: number) => {
  if (typeof spec !== "string")
    throw refuse(`the axes are ${shown(spec)}, not a text`, 'write a letter for each axis, as in "ij,jk->ik"')
  const plain = spec.replaceAll(" ", "")
  if (!/^[A-Za-z,]*(->[A-Za-z]*)?$/.test(plain)) {
    throw refuse(`"${spec}" is no einsum string`, 'write a letter for each axis, as in "ij,jk->ik"')
  }
  const [left, right] = plain.split("->") as [string, string?]
  const terms = left.split(",")
  if (terms.length !== count)
    throw valueError(
      "einsum",
      say("einsumOperands", {
        spec,
        want: words(terms.length, "operand"),
        have: `${count} ${count === 1 ? "is" : "are"}`
      }),
      "give one term for each operand"
    )
  const letters = [...left.replaceAll(",", "")]
  const once = [...new Set(letters)].filter(
    (letter) => letters.indexOf(letter) === letters.lastIndexOf(letter)
  )
  const output = right === undefined ? once.sort() : [...right]
  for (const letter of output) {
    if (!letters.includes(letter))
      throw valueError("einsum", say("einsumOut", { spec, letter }), "name it in an operand")
  }
  if (new Set(output).size !== output.length)
    throw refuse(`"${spec}" puts an axis out twice`, "name each axis once after ->")
  return { terms, output }
}

/** An axis named twice in one term becomes its diagonal. */
const diagonal = ({ value, axes }: Term): Term => {
  const twice = axes.findIndex((letter, i) => axes.indexOf(letter) !== i)
  if (twice < 0) return { value, axes }
  const first = axes.indexOf(axes[twice]!)
  const same = compare("eq", iota(value.shape, first), iota(value.shape, twice))
  const kept = sum(select(same, value, zeros(value)), [twice])
  return diagonal({ value: kept, axes: axes.filter((_, i) => i !== twice) })
}

const summed = ({ value, axes }: Term, needed: ReadonlySet<string>): Term => {
  const gone = range(axes.length).filter((i) => !needed.has(axes[i]!))
  return { value: sum(value, gone), axes: axes.filter((letter) => needed.has(letter)) }
}

/** Axes of both that are needed later are batched; of both and not needed, contracted. */
const product = (a: Term, b: Term, needed: ReadonlySet<string>): Term => {
  const both = a.axes.filter((letter) => b.axes.includes(letter))
  const batch = both.filter((letter) => needed.has(letter))
  const contracted = both.filter((letter) => !needed.has(letter))
  const places = (term: Term, letters: ReadonlyArray<string>) =>
    letters.map((letter) => term.axes.indexOf(letter))
  const value = apply1(
    "dot",
    {
      contracting: [places(a, contracted), places(b, contracted)],
      batch: [places(a, batch), places(b, batch)]
    },
    a.value,
    b.value
  )
  const own = (term: Term) => term.axes.filter((letter) => !both.includes(letter))
  return { value, axes: [...batch, ...own(a), ...own(b)] }
}

/**
 * Sums products by Einstein's convention. Each axis has a letter; axes of one letter run together. Letters that the
 * result does not name are summed over. Operands have one dtype and are multiplied from left to right. Fails with a
 * `ValueError` for a string that fits no operands, a `ShapeError` where axes of one letter differ, and a `DTypeError`
 * where the dtypes do.
 *
 * @example
 * const m = constant([[1, 2], [3, 4]], "f32")
 * einsum("ij,jk->ik", m, m) // f32[2,2]: [[7, 10], [15, 22]]
 * einsum("ii", m) // f32[]: 5
 */
export const einsum = named(
  "einsum",
  <const Spec extends string, D extends NumericDType, const T extends ReadonlyArray<Tensor<D>>>(
    spec: Spec,
    ...operands: T & ReadonlyArray<Tensor<D>> & EinsumCheck<Spec, T>
  ): Tensor<D, EinsumShape<Spec, T>> => {
    if (operands.length === 0) throw refuse("no operand is given", "give at least one")
    const { terms, output } = parse(spec, operands.length)
    const lengths = new Map<string, { readonly length: number; readonly of: Value }>()
    const values = operands.map((each, i) => requireTensor("einsum", `operand ${i}`, each))
    const parts = values.map((operand, i): Term => {
      const axes = [...terms[i]!]
      requireSameDType("einsum", values[0]!, operand)
      if (axes.length !== operand.shape.length) {
        throw shapeError(
          "einsum",
          say("einsumTerm", { term: terms[i]!, a: show(operand) }),
          "write one letter for each axis"
        )
      }
      axes.forEach((letter, axis) => {
        const length = operand.shape[axis]!
        const known = lengths.get(letter)
        if (known !== undefined && known.length !== length) {
          throw shapeError(
            "einsum",
            say("einsumAxis", {
              letter,
              m: `${known.length}`,
              a: show(known.of),
              n: `${length}`,
              b: show(operand)
            }),
            "axes of one letter must have the same length"
          )
        }
        lengths.set(letter, { length, of: operand })
      })
      return diagonal({ value: operand, axes })
    })
    const neededAfter = (i: number) => new Set([...output, ...parts.slice(i + 1).flatMap(({ axes }) => axes)])
    let total = summed(parts[0]!, neededAfter(0))
    parts.slice(1).forEach((part, i) => {
      const needed = neededAfter(i + 1)
      const mine = summed(part, new Set([...needed, ...total.axes]))
      const left = summed(total, new Set([...needed, ...mine.axes]))
      total = product(left, mine, needed)
    })
    return tensorOf(
      transpose(
        total.value,
        output.map((letter) => total.axes.indexOf(letter))
      )
    )
  }
)
