import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as lc from "../../dsl/index.ts"
import { show } from "../../dsl/shape.ts"
import { traceNow } from "../../dsl/trace.ts"
import { thrown } from "../support/run.ts"

const { f32, i32, mul, tree } = lc

/** A function of trees as JavaScript calls it. */
const loose = tree as unknown as Readonly<Record<string, (...args: ReadonlyArray<unknown>) => unknown>>

const refusal = (run: () => unknown): string => {
  const { _tag, message, hint } = thrown(run)
  expect(hint?.length).toBeGreaterThan(5)
  return `${_tag}: ${message}`
}

/** What a traced function of tensors gives, as text. */
const types = (run: () => unknown): unknown => {
  let found: unknown
  traceNow([], () => {
    found = tree.map((leaf) => show(leaf as lc.Tensor), run())
    return null
  })
  return found
}

const leaf = fc.oneof(
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.string(),
  fc.float32Array({ maxLength: 3 }),
  fc.constant(f32(2))
)
const { any: trees } = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.constant(null),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("any"), { maxKeys: 4 })
  )
}))

describe("a tree taken apart and put together", () => {
  it("is itself", () => {
    fc.assert(
      fc.property(trees, (any) => {
        const { leaves, structure } = tree.flatten(any)
        expect(tree.unflatten(structure, leaves)).toEqual(any)
        expect(tree.unflatten(tree.structure(any), tree.leaves(any))).toEqual(any)
        expect(leaves).toHaveLength(structure.leafCount)
        expect(tree.paths(any)).toHaveLength(structure.leafCount)
        expect(new Set(tree.paths(any)).size).toBe(structure.leafCount)
      })
    )
  })

  it("is itself under a map of itself, and shares no list or record with it", () => {
    fc.assert(
      fc.property(trees, (any) => {
        const same = tree.map((x, y) => [x, y], any, any)
        expect(tree.leaves(any).length * 2).toBe(tree.leaves(same).length)
        expect(tree.map((x) => x, any)).toEqual(any)
      })
    )
    const own = { a: [1] }
    expect(tree.map((x) => x, own).a).not.toBe(own.a)
  })
})

describe("leaves", () => {
  it("are all that is no list, no record and not null, in the order of writing", () => {
    const array = new Float32Array(3)
    const spec = i32()
    expect(tree.leaves({ z: 1, a: [array, null, [2n, true]], n: { s: "text", spec } })).toEqual([
      1,
      array,
      2n,
      true,
      "text",
      spec
    ])
    expect(tree.leaves(null)).toEqual([])
    expect(tree.leaves(7)).toEqual([7])
    expect(tree.leaves(Object.assign(Object.create(null), { x: 1 }))).toEqual([1])
  })

  it("have paths as messages write them", () => {
    expect(tree.paths({ w: 1, "odd key": [{ b: 2 }, null, 3] })).toEqual([
      "w",
      '["odd key"][0].b',
      '["odd key"][2]'
    ])
    expect(tree.paths([[1], 2])).toEqual(["[0][0]", "[1]"])
    expect(tree.paths(5)).toEqual([""])
  })

  it("have a structure that says how many there are", () => {
    const structure = tree.structure({ w: 1, layers: [[2, null], {}] })
    expect(String(structure)).toBe("{w: *, layers: [[*, null], {}]}")
    expect(structure.leafCount).toBe(2)
    expect(tree.structure(3).leafCount).toBe(1)
  })

  it("may be as deep as 256 lists and records, and no deeper", () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
    expect(tree.leaves(deep(256))).toEqual([1])
    expect(refusal(() => tree.leaves(deep(257)))).toMatch(
      /^TreeError: tree\.leaves: tree\[0\].* is more than 256 deep$/
    )
  })

  it("are not objects of other classes, undefined, functions or promises", () => {
    class Params {
      readonly w = 1
    }
    expect(refusal(() => tree.leaves({ a: new Params() }))).toBe(
      "TreeError: tree.leaves: tree.a is a Params, which is no leaf"
    )
    expect(refusal(() => tree.leaves([1, undefined]))).toBe(
      "TreeError: tree.leaves: tree[1] is undefined, which is no leaf"
    )
    expect(refusal(() => tree.structure(() => 1))).toBe(
      "TreeError: tree.structure: tree is a function, which is no leaf"
    )
    expect(refusal(() => tree.paths([new Map()]))).toBe(
      "TreeError: tree.paths: tree[0] is a Map, which is no leaf"
    )
    expect(thrown(() => tree.leaves([Promise.reject(new Error("unseen"))])).hint).toContain("await it first")
  })

  it("are not found in a circle", () => {
    const circle: Array<unknown> = [1]
    circle.push({ back: circle })
    for (const fn of ["leaves", "paths", "structure", "flatten", "zerosLike"]) {
      expect(refusal(() => loose[fn]!(circle))).toBe(
        `TreeError: tree.${fn}: tree[1].back is tree again, which it is part of`
      )
    }
  })
})

describe("tree.map", () => {
  it("keeps records, lists and null, and gives the leaves of several trees by key", () => {
    expect(tree.map((a, b) => a * b, { x: 2, y: [3, null, 4] }, { y: [10, null, 100], x: 1 })).toEqual({
      x: 2,
      y: [30, null, 400]
    })
    const keys = Object.keys(tree.map((a) => a, { z: 1, a: 2 }))
    expect(keys).toEqual(["z", "a"])
  })

  it("gives the function the leaf alone, without a count", () => {
    const seen: Array<ReadonlyArray<unknown>> = []
    tree.map((...args) => seen.push(args), { a: 1, b: [2] })
    tree.mapWithPath((...args) => seen.push(args), { a: 1, b: [2] }, { a: 3, b: [4] })
    expect(seen).toEqual([[1], [2], ["a", 1, 3], ["b[0]", 2, 4]])
  })

  it("works on tensors while tracing, whole functions too", () => {
    const specs = { w: f32(2, 3), b: [i32(), null] } as const
    traceNow([specs], (x) => {
      expect(tree.map(lc.neg, x).w).toMatchObject({ dtype: "f32", shape: [2, 3] })
      return tree.map(lc.add, x, tree.zerosLike(x))
    })
    expect(types(() => tree.map((spec) => lc.ones(spec.shape, "f64"), specs))).toEqual({
      w: "f64[2,3]",
      b: ["f64[]", null]
    })
  })

  it("refuses trees of another structure, and says where", () => {
    const wrong = (a: unknown, b: unknown) => refusal(() => loose.map!(() => 1, a, a, b))
    expect(wrong({ a: 1, b: 2 }, { a: 1 })).toBe("TreeError: tree.map: rest[1] is {a}, but tree is {a, b}")
    expect(wrong({ a: 1 }, { a: 1, b: 2 })).toBe("TreeError: tree.map: rest[1] is {a, b}, but tree is {a}")
    expect(wrong({ a: [1, 2] }, { a: [1] })).toBe(
      "TreeError: tree.map: rest[1].a is [1 item], but tree.a is [2 items]"
    )
    expect(wrong([{ w: f32(3) }], [{ w: null }])).toBe(
      "TreeError: tree.map: rest[1][0].w is null, but tree[0].w is f32[3]"
    )
    expect(wrong([null], [new Float32Array(2)])).toBe(
      "TreeError: tree.map: rest[1][0] is a Float32Array, but tree[0] is null"
    )
    expect(wrong(1, { a: 1 })).toBe("TreeError: tree.map: rest[1] is {a}, but tree is 1")
    expect(wrong([1], undefined)).toBe("TreeError: tree.map: rest[1] is undefined, which is no leaf")
    expect(thrown(() => loose.mapWithPath!(() => 1, { a: 1 }, { b: 1 })).path).toBe("rest[0]")
  })

  it("refuses what is no function, and a function that gives nothing", () => {
    expect(refusal(() => loose.map!({ a: 1 }, (x: unknown) => x))).toMatch(
      /^ValueError: tree\.map: the function is \{ a: 1 \}, not a function$/
    )
    expect(refusal(() => loose.map!(() => {}, { a: { b: 1 } }))).toBe(
      "TreeError: tree.map: the function gives undefined for tree.a.b"
    )
    expect(refusal(() => loose.reduce!(1, [1], 0))).toMatch(/^ValueError: tree\.reduce: the function is 1/)
  })
})

describe("tree.reduce", () => {
  it("goes through the leaves in order", () => {
    expect(tree.reduce((text, x) => `${text}${x}`, { b: 1, a: [2, null, 3] }, ">")).toBe(">123")
    expect(tree.reduce((n, x) => n + x, [] as ReadonlyArray<number>, 7)).toBe(7)
  })
})

describe("tree.unflatten", () => {
  it("takes leaves of any kind", () => {
    expect(tree.unflatten(tree.structure({ a: 1, b: [2] }), [{ any: "thing" }, [1, 2]])).toEqual({
      a: { any: "thing" },
      b: [[1, 2]]
    })
  })

  it("refuses too few or too many leaves, and what is no structure", () => {
    const two = tree.structure([1, 2])
    expect(refusal(() => tree.unflatten(two, [1]))).toBe(
      "ValueError: tree.unflatten: 1 leaf is given for a structure of 2"
    )
    expect(refusal(() => tree.unflatten(two, [1, 2, 3]))).toBe(
      "ValueError: tree.unflatten: 3 leaves are given for a structure of 2"
    )
    expect(refusal(() => loose.unflatten!(two, "ab"))).toBe(
      'ValueError: tree.unflatten: leaves is "ab", not a list'
    )
    for (const other of [{ kind: "leaf" }, Object.create(two), null])
      expect(refusal(() => loose.unflatten!(other, [1]))).toMatch(
        /^ValueError: tree\.unflatten: the structure is /
      )
  })
})

describe("tree.zerosLike", () => {
  it("makes tensors of tensors and specs", () => {
    const specs = { w: f32(2, 3), n: [lc.u8(), lc.bool(4), lc.c64(1), null] }
    const wanted = { w: "f32[2,3]", n: ["u8[]", "bool[4]", "c64[1]", null] }
    expect(types(() => tree.zerosLike(specs))).toEqual(wanted)
    expect(types(() => tree.zerosLike(tree.zerosLike(specs)))).toEqual(wanted)
  })

  it("makes host values of host values, and leaves those as they are", () => {
    const given = { a: new Int8Array([1, 2]), b: [1.5, 2n, true, null], c: new Float64Array([3]) }
    expect(tree.zerosLike(given)).toEqual({
      a: new Int8Array(2),
      b: [0, 0n, false, null],
      c: new Float64Array(1)
    })
    expect(given.a).toEqual(new Int8Array([1, 2]))
    const buffer = Buffer.from([1, 2, 3])
    expect(tree.zerosLike(buffer)).toEqual(new Uint8Array(3))
    expect([...buffer]).toEqual([1, 2, 3])
  })

  it("refuses what has no zero", () => {
    expect(refusal(() => tree.zerosLike({ name: "w" }))).toBe(
      'TreeError: tree.zerosLike: tree.name is "w", which has no zero'
    )
    expect(refusal(() => tree.zerosLike([new DataView(new ArrayBuffer(4))]))).toBe(
      "TreeError: tree.zerosLike: tree[0] is a DataView, which has no zero"
    )
  })
})

describe("programs", () => {
  it("have no equations of what a tree function only moves about", () => {
    const specs = { w: f32(3), b: f32() }
    const { program } = traceNow([specs], (x) => tree.unflatten(tree.structure(specs), tree.leaves(x)))
    expect(program.equations).toEqual([])
    const twice = traceNow([specs], (x) => tree.map((leaf) => mul(leaf, 2), x)).program
    expect(twice.equations.map(({ primitive }) => primitive).filter((name) => name === "mul")).toHaveLength(2)
  })
})
