import { apply1 } from "../../primitives/index.ts"
import { broadcast, filled, range, reshape, select, sliceAxis, sum, transpose, zeros } from "../../values.ts"
import type { Derivatives } from "./derivative.ts"

export const structureDerivatives: Derivatives<
  "constant" | "arange" | "reshape" | "broadcast" | "transpose" | "slice" | "concatenate" | "pad" | "reverse"
> = {
  // Each element has the derivative of the start; the step is a plain number.
  arange: {
    each: ({ params }) => [{ push: (t) => broadcast(t, [params.length], []), pull: (ct) => sum(ct, [0]) }]
  },
  reshape: {
    each: ({ inputs: [x], params: { shape } }) => [
      { push: (t) => reshape(t, shape), pull: (ct) => reshape(ct, x!.shape) }
    ]
  },
  broadcast: {
    each: ({ inputs: [x], params }) => [
      {
        push: (t) => apply1("broadcast", params, t),
        pull: (ct) => {
          const repeated = params.shape
            .map((_, axis) => axis)
            .filter((axis) => {
              const from = params.axes.indexOf(axis)
              return from < 0 || (x!.shape[from] === 1 && params.shape[axis] !== 1)
            })
          const summed = sum(ct, repeated)
          // The remaining axes are in the order of the result. Put them in the order of the operand.
          const left = params.axes.filter((axis) => !repeated.includes(axis))
          const sorted = [...left].sort((a, b) => a - b)
          return reshape(
            transpose(
              summed,
              left.map((axis) => sorted.indexOf(axis))
            ),
            x!.shape
          )
        }
      }
    ]
  },
  transpose: {
    each: ({ params: { permutation } }) => [
      {
        push: (t) => transpose(t, permutation),
        pull: (ct) =>
          transpose(
            ct,
            permutation.map((_, i) => permutation.indexOf(i))
          )
      }
    ]
  },
  slice: {
    each: ({ inputs: [x], params }) => [
      {
        push: (t) => apply1("slice", params, t),
        pull: (ct) => {
          const { start, strides } = params
          const reached = (i: number) =>
            ct.shape[i] === 0 ? start[i]! : start[i]! + (ct.shape[i]! - 1) * strides[i]! + 1
          const padded = {
            low: start,
            high: x!.shape.map((dim, i) => dim - reached(i)),
            interior: strides.map((stride) => stride - 1)
          }
          return apply1("pad", padded, ct, zeros({ dtype: ct.dtype, shape: [] }))
        }
      }
    ]
  },
  concatenate: {
    joint: ({ inputs }) => inputs.map((_, i) => i),
    pull: (ct, { inputs, params: { axis } }) => {
      let start = 0
      return inputs.map(({ shape }) => {
        const from = start
        start += shape[axis]!
        return sliceAxis(ct, axis, from, start)
      })
    }
  },
  pad: {
    joint: () => [0, 1],
    pull: (ct, { inputs: [x], params: { low, high, interior } }) => {
      // First undo the padding at the ends, where a negative count had cropped. Then take the elements between.
      const ends = { low: low.map((n) => -n), high: high.map((n) => -n), interior: low.map(() => 0) }
      const inner = apply1("pad", ends, ct, zeros({ dtype: ct.dtype, shape: [] }))
      const kept = apply1(
        "slice",
        { start: low.map(() => 0), limit: inner.shape, strides: interior.map((n) => n + 1) },
        inner
      )
      // The positions that hold the padding value: those without an element of the operand.
      const marks = filled({ dtype: "bool", shape: x!.shape }, false)
      const padding = apply1(
        "pad",
        { low, high, interior },
        marks,
        filled({ dtype: "bool", shape: [] }, true)
      )
      return [kept, sum(select(padding, ct, zeros(ct)), range(ct.shape.length))]
    }
  },
  reverse: {
    each: ({ params }) => [
      {
        push: (t) => apply1("reverse", params, t),
        pull: (ct) => apply1("reverse", params, ct)
      }
    ]
  }
}
