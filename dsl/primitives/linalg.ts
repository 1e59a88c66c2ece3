import { count } from "../count.ts"
import { realPart } from "../dtype.ts"
import { dtypeError, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { shown, shownList } from "../required.ts"
import { type Aval, type Shape, sameShape, show } from "../shape.ts"
import { avalOf, type Rules, requireKind, requireSameDType } from "./rule.ts"

/** The decompositions and transforms that every plugin has for these dtypes alone. */
export const requireWide = (op: string, x: Aval): void => {
  requireKind(op, x, ["float", "complex"])
  if (x.dtype === "f16" || x.dtype === "bf16") {
    throw dtypeError(
      op,
      say("dtypeKind", { op, wanted: "f32, f64, c64 or c128", a: show(x) }),
      'convert(x, "f32") first'
    )
  }
}

export const requireSquare = (op: string, x: Aval): void => {
  const [rows, columns] = x.shape.slice(-2)
  if (x.shape.length >= 2 && rows === columns) return
  throw shapeError(op, say("square", { op, a: show(x) }), "its last two axes must be equal")
}

const fftShape = (x: Aval, kind: string, lengths: Shape): Shape => {
  const refuse = (message: string, hint: string) => shapeError("fft", `fft: ${message}`, hint)
  if (lengths.length < 1 || lengths.length > 3 || lengths.length > x.shape.length)
    throw refuse(
      `${count(lengths.length, "axis", "axes")} of ${show(x)}`,
      "it goes over the last one, two or three axes"
    )
  const short = lengths.findIndex((length) => !Number.isSafeInteger(length) || length < 1)
  if (short >= 0)
    throw refuse(
      `axis ${short} of the transform of ${show(x)} is ${shown(lengths[short])} long`,
      "a transform is of at least one element: say the length of the result, irfft(x, 8)"
    )
  const outer = x.shape.slice(0, -lengths.length)
  const inner = x.shape.slice(-lengths.length)
  const halved = [...lengths.slice(0, -1), Math.floor(lengths.at(-1)! / 2) + 1]
  const wanted = kind === "irfft" ? halved : lengths
  if (!sameShape(inner, wanted))
    throw refuse(`${show(x)} does not fit lengths ${shownList(lengths)}`, "pad or slice it first")
  return [...outer, ...(kind === "rfft" ? halved : lengths)]
}

export const linalgRules: Rules<"fft" | "cholesky" | "triangularSolve"> = {
  fft: {
    infer: ([x], { kind, lengths }) => {
      requireKind("fft", x!, kind === "rfft" ? ["float"] : ["complex"])
      requireWide("fft", x!)
      const dtype =
        kind === "rfft"
          ? x!.dtype === "f64"
            ? "c128"
            : "c64"
          : kind === "irfft"
            ? realPart(x!.dtype)
            : x!.dtype
      return [avalOf(dtype, fftShape(x!, kind, lengths))]
    }
  },
  cholesky: {
    infer: ([a]) => {
      requireWide("cholesky", a!)
      requireSquare("cholesky", a!)
      return [a!]
    }
  },
  triangularSolve: {
    infer: ([a, b], { leftSide }) => {
      requireSameDType("triangularSolve", a!, b!)
      requireWide("triangularSolve", a!)
      requireSquare("triangularSolve", a!)
      const rank = a!.shape.length
      const fits =
        b!.shape.length === rank &&
        sameShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2)) &&
        a!.shape[rank - 1] === b!.shape[leftSide ? rank - 2 : rank - 1]
      if (!fits) {
        throw shapeError(
          "triangularSolve",
          say("fitBeside", { op: "triangularSolve", a: show(a!), b: show(b!) }),
          "the unknowns of a must be as many as the rows of b, and batch axes equal"
        )
      }
      return [b!]
    }
  }
}
