import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { type Loose, refusal } from "../support/refused.ts"

const { add, arange, bool, cond, f32, f64, i32, mul, scalar, scan, sin } = lc

describe("derivatives refuse", () => {
  it("losses that are no scalars, or no floats", () => {
    expect(refusal([f32(3)], (x) => lc.grad((y: Loose) => mul(y, y) as Loose)(x))).toBe(
      "ShapeError: grad: the loss is f32[3], not a scalar"
    )
    expect(refusal([f32()], (x) => lc.grad((_: Loose) => scalar(1, "i32") as Loose)(x))).toBe(
      "DTypeError: grad: the loss is i32[], not a float"
    )
    expect(refusal([f32()], (x) => lc.grad((y: Loose) => [y, y] as Loose)(x))).toContain("the loss is a tree")
  })

  it("gradients of integers", () => {
    expect(refusal([i32(2), f32()], (n, x) => lc.grad(((_: Loose, y: Loose) => y) as Loose)(n, x))).toBe(
      "DTypeError: grad: args[0] is i32[2], which has no gradient"
    )
  })

  it("arguments that are not there, or named twice", () => {
    expect(refusal([f32()], (x) => lc.grad((y: Loose) => y, { argnums: 1 } as Loose)(x))).toBe(
      "ValueError: grad: argnums names argument 1 of 1"
    )
    expect(refusal([f32()], (x) => lc.grad((y: Loose) => y, { argnums: [0, 0] } as Loose)(x))).toContain(
      "twice"
    )
  })

  it("tangents and cotangents of another type", () => {
    expect(refusal([f32(3), f32(2)], (x, t) => lc.jvp(sin as Loose, [x], [t]))).toBe(
      "TreeError: jvp: tangents[0] must be f32[3], not f32[2]"
    )
    expect(refusal([f32(3), f64(3)], (x, ct) => lc.vjp(sin as Loose, x)[1](ct))).toContain(
      "cotangent must be f32[3], not f64[3]"
    )
  })

  it("reverse mode through loops without a bound, and say which to give", () => {
    expect(
      refusal([f32(), i32()], (x, n) =>
        lc.grad((y: Loose) => scan(y, arange(n), (c: Loose) => [mul(c, y), null] as Loose)[0] as Loose)(x)
      )
    ).toBe(
      "ScopeError: scan: reverse mode needs a bound on the number of steps, and this length is traced without one"
    )
    expect(
      refusal([f32()], (x) =>
        lc.grad(
          (y: Loose) =>
            lc.whileLoop(
              (c: Loose) => lc.lt(c, 9),
              (c: Loose) => mul(c, y),
              y
            ) as Loose
        )(x)
      )
    ).toContain("whileLoop: reverse mode needs a bound")
  })

  it("forward mode of a custom reverse derivative, and derivatives of what it captures", () => {
    const twice = lc.customVjp((x: Loose) => mul(x, 2) as Loose, {
      forward: (x: Loose) => [mul(x, 2), null] as Loose,
      backward: (_: Loose, ct: Loose) => [mul(ct, 2)] as Loose
    })
    expect(refusal([f32()], (x) => lc.jvp(twice as Loose, [x], [x]))).toContain("only a reverse derivative")
    expect(
      refusal([f32()], (x) =>
        lc.grad(
          (y: Loose) =>
            lc.customVjp((z: Loose) => mul(z, y) as Loose, {
              forward: (z: Loose) => [mul(z, y), null] as Loose,
              backward: (_: Loose, ct: Loose) => [ct] as Loose
            })(scalar(1, "f32")) as Loose
        )(x)
      )
    ).toContain("a derivative is asked for with respect to a tensor that the function captures")
  })

  it("what has no derivative, by name", () => {
    expect(
      refusal([f32(), f32()], (n, x) => lc.grad((m: Loose) => lc.polygamma(m, x) as Loose)(n))
    ).toContain("no derivative with respect to its order")
  })
})

describe("vmap refuses", () => {
  it("unequal sizes, missing axes, and nothing to map over", () => {
    expect(refusal([f32(3), f32(4)], (a, b) => lc.vmap(add as Loose)(a, b))).toBe(
      "ShapeError: vmap: args[0] is mapped over 3 but args[1] over 4"
    )
    expect(refusal([f32()], (a) => lc.vmap(sin as Loose)(a))).toContain("which has no axis 0")
    expect(refusal([f32(2)], (a) => lc.vmap(sin as Loose, { in: null as Loose })(a))).toContain(
      "no argument is mapped over"
    )
    expect(refusal([f32(2)], (a) => lc.vmap(sin as Loose, { out: 3 as Loose })(a))).toContain(
      "axis 3 is out of range for f32[]"
    )
    expect(refusal([f32(2)], (a) => lc.vmap(sin as Loose, { in: ["x"] as Loose })(a))).toContain(
      "not an axis"
    )
    expect(refusal([f32(2)], (a) => lc.vmap(sin as Loose, { out: null as Loose })(a))).toContain(
      "differs within the batch"
    )
  })
})

describe("control flow refuses", () => {
  it("branches of different types or structure", () => {
    expect(
      refusal([bool(), f32()], (p, x) =>
        cond(
          p,
          () => x,
          () => scalar(1, "i32") as Loose
        )
      )
    ).toBe("TreeError: cond: one branch gives f32[] but another gives i32[]")
    expect(
      refusal([bool(), f32()], (p, x) =>
        cond(
          p,
          () => x,
          () => [x] as Loose
        )
      )
    ).toContain("[1 item]")
    expect(
      refusal([f32(), f32()], (p, x) =>
        cond(
          p,
          () => x,
          () => x
        )
      )
    ).toBe("ShapeError: cond: the predicate is f32[], not bool[]")
    expect(refusal([f32()], (i) => lc.switchCase(i, [() => i]))).toContain("not an integer scalar")
  })

  it("carries that change and conditions that are no booleans", () => {
    expect(
      refusal([f32()], (x) =>
        lc.whileLoop(
          (c: Loose) => lc.lt(c, 1),
          () => scalar(1, "i32") as Loose,
          x
        )
      )
    ).toBe("TreeError: whileLoop: carry goes in as f32[] but comes out as i32[]")
    expect(
      refusal([f32()], (x) =>
        lc.whileLoop(
          (c: Loose) => c,
          (c: Loose) => c,
          x
        )
      )
    ).toContain("the condition is f32[], not bool[]")
    expect(refusal([f32()], (x) => scan(x, null, (c: Loose) => [c, c], { length: 3, unroll: 0 }))).toContain(
      "unroll is 0"
    )
    expect(
      refusal([f32()], (x) => scan(x, null, (c: Loose) => [c, c], { length: 3, checkpoint: "some" as Loose }))
    ).toContain('checkpoint is "some"')
  })

  it("elements of different lengths in an associative scan", () => {
    expect(refusal([f32(3), f32(2)], (a, b) => lc.associativeScan((x: Loose) => x, [a, b]))).toContain(
      "elements[0] is f32[3] but elements[1] is f32[2]"
    )
  })
})

describe("operations refuse", () => {
  it.each([
    ["ij,jk->il", 'einsum: "ij,jk->il" puts out l, which no operand has'],
    ["ij,jk->ii", 'einsum: "ij,jk->ii" puts an axis out twice'],
    ["ij", 'einsum: "ij" names 1 operand, but 2 are given'],
    ["i1,jk", 'einsum: "i1,jk" is no einsum string'],
    ["ijk,jk", 'einsum: "ijk" does not fit f32[2,3]'],
    ["ij,jk", "einsum: axis j is 3 in f32[2,3] but 4 in f32[4,5]"]
  ])("the einsum string %s", (spec, why) => {
    expect(refusal([f32(2, 3), f32(4, 5)], (a, b) => lc.einsum(spec, a, b))).toContain(why)
  })

  const rows: ReadonlyArray<readonly [string, (x: Loose) => unknown, string]> = [
    ["a static index out of range", (x) => lc.take(x, 7), "index 7 is out of range on axis 0 of f32[3,4]"],
    ["the same from the end", (x) => lc.at(x, -4).get(), "index -4 is out of range on axis 0"],
    ["too many indices", (x) => lc.at(x, 0, 0, 0).get(), "3 indices are given for f32[3,4]"],
    ["an update that does not fit", (x) => lc.at(x, 0).set(x), "does not broadcast to [4]"],
    [
      "a plain block that sticks out",
      (x) => lc.dynamicSlice(x, [2, 0], [2, 4]),
      "2 elements from 2 are out of range"
    ],
    ["an axis that is not there", (x) => lc.cumsum(x, 2), "axis 2 is out of range for f32[3,4]"],
    ["an axis by the name of who was asked", (x) => lc.softmax(x, 2), "softmax: axis 2 is out of range"],
    ["the same of a composite", (x) => lc.logsumexp(x, 5), "logsumexp: axis 5 is out of range"],
    ["indices that are floats", (x) => lc.take(x, x as Loose), "takes integer indices, not f32[3,4]"],
    ["parts that do not divide", (x) => lc.split(x, 2), "axis 0 of f32[3,4] does not divide into 2"],
    ["parts that do not add up", (x) => lc.split(x, [1, 1]), "parts of 2 in all"],
    ["an axis that is not 1", (x) => lc.squeeze(x, 0), "axis 0 of f32[3,4] has length 3"],
    ["too many of the greatest", (x) => lc.topK(x, 5), "no 5 elements along the last axis of f32[3,4]"],
    ["a matrix that is not square", (x) => lc.cholesky(x), "holds no square matrices"],
    ["half floats where there are none", (x) => lc.cholesky(lc.convert(x, "f16") as Loose), "cholesky"],
    ["kernels of another rank", (x) => lc.conv(x, lc.sum(x) as Loose), "does not take f32[3,4]"],
    ["windows of another rank", (x) => lc.reduceWindow(x, "sum", { window: [2] }), "1 entry for 2 axes"],
    ["real numbers where complex ones go", (x) => lc.fft(x as Loose), "takes complex numbers, not f32[3,4]"],
    [
      "batches that do not broadcast",
      (x) => lc.matmul(lc.zeros([2, 3, 4], "f32"), lc.zeros([3, 4, 5], "f32") as Loose) && x,
      "batches do not broadcast"
    ],
    ["different arrays in a stack", (x) => lc.stack([x, lc.sum(x)] as Loose), "f32[3,4] and f32[] differ"],
    ["a bitcast to another size", (x) => lc.bitcast(x, "f64"), "elements of different sizes"],
    ["complex numbers of integers", () => lc.complex(scalar(1, "i32") as Loose, 0), "complex: takes floats"],
    ["a count that is no count", () => lc.eye(-1 as Loose, "f32"), "the size is -1"],
    ["a seed of more than 64 bits", () => lc.random.key(2n ** 64n), "which has more than 64 bits"],
    [
      "widths of three",
      (x) =>
        lc.pad(x, [
          [0, 0, 1],
          [0, 0]
        ] as Loose),
      "the widths [0, 0, 1] are no pair"
    ],
    ["a permutation of fewer than none", () => lc.random.permutation(lc.random.key(1), -1), "-1"],
    ["a list in a stack", (x) => lc.stack([[x]] as Loose), "arrays[0] is a list, not a tensor"],
    ["a scalar with a seed's fraction", () => lc.random.key(1.5), "the seed is 1.5"],
    ["what is no key", (x) => lc.random.uniform(x as Loose, [2]), "f32[3,4] is no key"],
    [
      "bounds beyond a dtype",
      () => lc.random.randint(lc.random.key(0), [2], 0, 300, "u8"),
      "300 is out of range for u8"
    ]
  ]
  it.each(rows)("%s", (_, make, why) => {
    expect(refusal([f32(3, 4)], make)).toContain(why)
  })
})
