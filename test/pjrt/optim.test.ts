import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as optim from "../../dsl/optim/index.ts"
import { Spec } from "../../dsl/spec.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { twoDevices } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"
import {
  fixtures,
  type LineRow,
  lines,
  optimizers,
  type Row,
  type ScheduleRow,
  schedules
} from "../support/optim.ts"
import type { Loose } from "../support/refused.ts"
import type { Run } from "../support/run.ts"

/** How far a number may be from optax's, seen from 1 or from its size. */
const tolerance = { f64: 1e-10, f32: 4e-6, bf16: 3e-2 } as const

/** Rows whose momentum is bf16, in which optax rounds each product, and this library each sum. */
const rounded = ["sgdAccumulator", "adamMuBf16"]

const shapes: Readonly<Record<string, (leaf: (...shape: ReadonlyArray<number>) => unknown) => unknown>> = {
  net: (leaf) => ({ b: leaf(3), layers: [leaf(2, 2), null, leaf()], w: leaf(2, 3) }),
  scalar: (leaf) => leaf(),
  empty: () => ({ a: null, b: [] }),
  none: (leaf) => ({ w: leaf(0, 3) })
}
const treeOf = (kind: string, leaf: (...shape: ReadonlyArray<number>) => unknown): Loose =>
  (shapes[kind] ?? shapes.net!)(leaf)

const written = (leaf: ReadonlyArray<number | string>): ReadonlyArray<number> => leaf.map(Number)
const typed = (leaf: ReadonlyArray<number | string>, dtype: string): Float32Array | Float64Array =>
  dtype === "f64" ? Float64Array.from(written(leaf)) : Float32Array.from(written(leaf))

/** Leaves stacked over steps, put into a tree. */
const stackedTree = (row: Row): Loose => {
  let next = 0
  return treeOf(row.kind, () => {
    const i = next++
    const all = row.grads.flatMap((grads) => grads[i]!)
    return all.length === 0 ? new Float32Array(0) : typed(all, row.dtype)
  })
}

const given = (row: Row): Loose => {
  let next = 0
  return treeOf(row.kind, (...shape) => {
    const leaf = typed(row.params[next++]!, row.dtype)
    return shape.length === 0 ? leaf[0] : leaf
  })
}

const missesOf = (
  where: string,
  found: ReadonlyArray<unknown>,
  wanted: ReadonlyArray<ReadonlyArray<number | string>>,
  close: number
): ReadonlyArray<string> =>
  wanted.flatMap((leaf, k) => {
    const got = numbers(found[k] as never)
    // Rounding of half floats adds up over the steps, with the size of the greatest of them.
    const size =
      close === tolerance.bf16 ? Math.max(1, ...written(leaf).filter(Number.isFinite).map(Math.abs)) : 1
    const misses = written(leaf).flatMap((value, i) => {
      const isClose =
        Object.is(value, got[i]) || Math.abs(value - got[i]!) <= close * Math.max(size, Math.abs(value))
      return isClose ? [] : [`${where} ${k}[${i}]: ${got[i]} for ${value}`]
    })
    return got.length === leaf.length ? misses : [`${where} ${k}: ${got.length} for ${leaf.length}`]
  })

const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The part of a state that has a name of optax's. */
const partOf = (state: Loose, name: string): unknown => {
  const own = { accGrads: "accumulated" }[camel(name)] ?? camel(name)
  if (state === null || typeof state !== "object" || "dtype" in state) return undefined
  if (own in state) return state[own]
  for (const part of Object.values(state)) {
    const found = partOf(part, name)
    if (found !== undefined) return found
  }
  return undefined
}

const chunked = <A>(all: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

const call = (run: Run, program: Loose, args: ReadonlyArray<unknown>): Promise<Loose> =>
  run(Effect.flatMap(program(...args) as Effect.Effect<Loose>, (tree: Loose) => lc.read(tree)) as never)

describe("loopcarry/optim, against optax", () => {
  it("has rows for each name", () => {
    const names = new Set(fixtures.rows.map(({ name }) => name))
    expect(Object.keys(optimizers).filter((name) => !names.has(name))).toEqual([])
    expect(Object.keys(lines)).toEqual(
      fixtures.lines.filter(({ dtype }) => dtype === "f32").map(({ name }) => name)
    )
    expect(Object.keys(schedules)).toEqual(
      fixtures.schedules.filter(({ dtype }) => dtype === "f32").map(({ name }) => name)
    )
  })

  it("has a row that calls each function", () => {
    const called = [optimizers, lines, schedules]
      .map((table) => Object.values(table).map(String).join())
      .join()
    const text = `${called} ${Object.keys(schedules).join(" ")}`
    const others = ["applyUpdates", "globalNorm", "valueAndGradFromState"]
    expect(Object.keys(optim).filter((name) => !others.includes(name) && !text.includes(name))).toEqual([])
  })

  describe.each(twoDevices)("on $on", (device) => {
    const run = device.open()

    it.each(chunked(fixtures.rows, 24).map((chunk) => [chunk[0]!.name, chunk] as const))(
      "%s…",
      async (_, chunk) => {
        const specs = chunk.map((row) => [
          treeOf(row.kind, (...shape) => new Spec(row.dtype, shape)),
          treeOf(row.kind, (...shape) => new Spec(row.dtype, [row.grads.length, ...shape]))
        ])
        const program = lc.jit(specs as Loose, (...all: Loose) =>
          all.map(([params, grads]: Loose, i: number) => {
            const optimizer = optimizers[chunk[i]!.name]!()
            const options = { length: chunk[i]!.grads.length }
            return lc.scan(
              [params, optimizer.init(params)] as Loose,
              grads,
              ([p, s]: Loose, g: Loose) => {
                const [updates, next] = optimizer.update(g, s, p)
                const after = optim.applyUpdates(p, updates)
                return [
                  [after, next],
                  [updates, after]
                ] as Loose
              },
              options
            )
          })
        )
        const results = await call(
          run,
          program,
          chunk.map((row) => [given(row), stackedTree(row)])
        )
        const misses = chunk.flatMap((row, i) => {
          const [[, state], [updates, after]] = results[i]
          const close = tolerance[rounded.includes(row.name) ? "bf16" : row.dtype]
          const where = `${row.name} ${row.dtype} ${row.kind}`
          const stacked = (steps: Row["after"]) =>
            row.params.map((_, k) => steps.flatMap((leaves) => leaves[k]!))
          return [
            ...missesOf(`${where} updates`, lc.tree.leaves(updates), stacked(row.updates), close),
            ...missesOf(`${where} params`, lc.tree.leaves(after), stacked(row.after), close),
            ...Object.entries(row.state).flatMap(([name, leaves]) =>
              missesOf(`${where} ${name}`, lc.tree.leaves(partOf(state, name)), leaves, close)
            )
          ]
        })
        expect(misses).toEqual([])
      }
    )

    it.each(["f32", "f64"] as const)("line searches in %s", async (dtype) => {
      const rows = fixtures.lines.filter((row) => row.dtype === dtype)
      const specs = rows.map(({ params }) =>
        params.length === 1
          ? new Spec(dtype, [params[0]!.length])
          : { b: new Spec(dtype, []), v: new Spec(dtype, [3]), w: new Spec(dtype, [2, 3]) }
      )
      const program = lc.jit(specs as Loose, (...all: Loose) =>
        all.map((params: Loose, i: number) => {
          const [make, loss] = lines[rows[i]!.name]!
          const optimizer = make()
          return lc.scan(
            [params, optimizer.init(params)] as Loose,
            null,
            ([p, s]: Loose) => {
              const [value, grads] = lc.valueAndGrad(loss)(p)
              const [updates, next] = optimizer.update(grads, s, p, { value, valueFn: loss })
              const after = optim.applyUpdates(p, updates)
              const found = ["learning_rate", "num_linesearch_steps"].map(
                (name) => partOf(next, name) ?? null
              )
              return [
                [after, next],
                [after, loss(after), found]
              ] as Loose
            },
            { length: rows[0]!.after.length }
          )
        })
      )
      const args = rows.map(({ params }) =>
        params.length === 1
          ? typed(params[0]!, dtype)
          : { b: Number(params[0]![0]), v: typed(params[1]!, dtype), w: typed(params[2]!, dtype) }
      )
      const results = await call(run, program, args)
      const misses = rows.flatMap((row: LineRow, i) => {
        const [, [after, values, [rates, tried]]] = results[i]
        const close = dtype === "f64" ? 1e-7 : 2e-3
        const steps = (each: ReadonlyArray<ReadonlyArray<number | string>>) => [each.flat()]
        const leaves = row.params.map((_, k) => row.after.flatMap((step) => step[k]!))
        return [
          ...missesOf(`${row.name} params`, lc.tree.leaves(after), leaves, close),
          ...missesOf(`${row.name} values`, [values], steps(row.values), close),
          ...(rates === null ? [] : missesOf(`${row.name} rates`, [rates], steps(row.rates), close)),
          ...(tried === null ? [] : missesOf(`${row.name} tried`, [tried], steps(row.tried), 0))
        ]
      })
      expect(misses).toEqual([])
    })

    it("schedules", async () => {
      const { schedules: rows } = fixtures
      const program = lc.jit([lc.i32(rows[0]!.counts.length)], (counts) =>
        rows.map(({ name, dtype }) => lc.vmap((count: lc.I32) => schedules[name]!(count, dtype))(counts))
      )
      const results = await call(run, program, [Int32Array.from(rows[0]!.counts)])
      const misses = rows.flatMap((row: ScheduleRow, i) =>
        missesOf(`${row.name} ${row.dtype}`, [results[i]], [row.values], tolerance[row.dtype])
      )
      expect(misses).toEqual([])
    })
  })

  it("schedules on the host", () => {
    const misses = fixtures.schedules.flatMap((row) => {
      const values = row.counts.map((count) => schedules[row.name]!(count))
      return missesOf(row.name, [Float64Array.from(values)], [row.values], tolerance[row.dtype])
    })
    expect(misses).toEqual([])
  })
})
