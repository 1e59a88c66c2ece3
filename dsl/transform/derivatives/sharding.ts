import { scopeError } from "../../errors.ts"
import { type Along, type Mesh, type PartitionSpec, partsOf } from "../../mesh.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import type { Params, ShardMapParams } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { scale, zeros } from "../../values.ts"
import { needs } from "../flow.ts"
import type { Derivatives, Dual, Forward, Linear, Maybe, Pullback, Reverse } from "./derivative.ts"
import { dualProgram, isThere, place, present } from "./dual.ts"

type Collective = "allReduce" | "allGather" | "reduceScatter" | "permute" | "allToAll"

/** A collective is linear in its data. The operands that tie it to its mesh have no tangent. */
const linear = <P extends Collective, Q extends Collective>(
  primitive: P,
  params: Params[P],
  transposed: Q,
  back: Params[Q],
  ties: ReadonlyArray<Value>
): ReadonlyArray<Linear | null> => [
  {
    push: (tangent) => apply1(primitive, params, tangent, ...ties),
    pull: (cotangent) => apply1(transposed, back, cotangent, ...ties)
  },
  ...ties.map(() => null)
]

/** The mesh axes that a sharding does not name: all devices along them hold the same part. */
const unspoken = (mesh: Mesh, spec: PartitionSpec): ReadonlyArray<string> =>
  Object.keys(mesh.axes).filter((name) => !spec.flat().includes(name))

const shardMapForward = (
  { mesh, in: specs, out, body }: ShardMapParams,
  primals: ReadonlyArray<Value>,
  tangents: ReadonlyArray<Maybe>,
  forward: Forward
): Dual => {
  const axes = Object.keys(mesh.axes).length
  const avals = body.inputs.map(({ aval }) => aval)
  const given = [...Array.from({ length: axes }, () => false), ...isThere(tangents)]
  const dual = dualProgram(body, avals, given, forward)
  const moved = avals.filter((_, i) => given[i])
  const made = programOf([...avals, ...moved], (values) => {
    const step = dual.apply(values.slice(0, avals.length), values.slice(avals.length))
    return [...step.outputs, ...present(step.tangents)]
  })
  const params = {
    mesh,
    in: [...specs, ...specs.filter((_, i) => tangents[i] !== undefined)],
    out: [...out, ...out.filter((_, i) => dual.moves[i])],
    body: made
  }
  const results = apply("shardMap", params, [...primals, ...present(tangents)])
  return { outputs: results.slice(0, out.length), tangents: place(dual.moves, results.slice(out.length)) }
}

/**
 * The pullback is a shardMap too, in which each device runs its body again. A result that is equal on all devices along
 * an axis counts once, so each device gets its share of the cotangent. An operand that is equal along an axis was used
 * by every device there, so their cotangents are summed.
 */
const shardMapReverse = (
  params: ShardMapParams,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>,
  given: ReadonlyArray<boolean>,
  reverse: Reverse
): Pullback => {
  const { mesh, in: specs, out, body } = params
  const axes = Object.keys(mesh.axes)
  const none = axes.map(() => false)
  const outputs = apply("shardMap", params, inputs)
  const pull: Pullback["pull"] = (cotangents) => {
    const there = isThere(cotangents).map((is, i) => is && given[i]!)
    const needed = needs(body, there)
    const asked = wanted.map((each, i) => each && needed[axes.length + i]!)
    const avals = body.inputs.map(({ aval }) => aval)
    const ctAvals = body.outputs.filter((_, i) => there[i]).map(({ aval }) => aval)
    const made = programOf([...avals, ...ctAvals], (values) => {
      const places = values.slice(0, axes.length)
      const cts = place(there, values.slice(avals.length)).map((ct, i) => {
        const same = partsOf(mesh, unspoken(mesh, out[i]!))
        return ct === undefined || same === 1 ? ct : scale(ct, 1 / same)
      })
      const pulled = reverse(body, values.slice(0, avals.length), [...none, ...asked], there).pull(cts)
      return inputs.flatMap((_, i) => {
        if (!asked[i]) return []
        const at = axes.length + i
        const ct = pulled[at] ?? zeros(avals[at]!)
        const names = unspoken(mesh, specs[i]!)
        if (names.length === 0) return [ct]
        const along: Along = { mesh, names }
        return [apply1("allReduce", { op: "sum", along }, ct, places[0]!)]
      })
    })
    const back = {
      mesh,
      in: [...specs, ...out.filter((_, i) => there[i])],
      out: specs.filter((_, i) => asked[i]),
      body: made
    }
    const cts = cotangents.flatMap((ct, i) => (there[i] ? [ct!] : []))
    return place(asked, apply("shardMap", back, [...inputs, ...cts]))
  }
  return { outputs, pull }
}

const noDerivative = (op: string) => () => {
  throw scopeError(op, `${op}: it has no derivative`, "use psum, or stopGradient its argument")
}

export const shardingDerivatives: Derivatives<"withSharding" | "shardMap" | Collective> = {
  withSharding: {
    each: ({ params }) => {
      const same = (x: Value) => apply1("withSharding", params, x)
      return [{ push: same, pull: same }]
    }
  },
  shardMap: { jvp: shardMapForward, reverse: shardMapReverse },
  allReduce: {
    each: ({ params, inputs }) => {
      if (params.op !== "sum") return noDerivative(`p${params.op}`)()
      return linear("allReduce", params, "allReduce", params, inputs.slice(1))
    }
  },
  allGather: {
    each: ({ params, inputs }) => linear("allGather", params, "reduceScatter", params, inputs.slice(1))
  },
  reduceScatter: {
    each: ({ params, inputs }) => linear("reduceScatter", params, "allGather", params, inputs.slice(1))
  },
  permute: {
    each: ({ params, inputs }) => {
      const pairs = params.pairs.map(([from, to]) => [to, from] as const)
      return linear("permute", params, "permute", { ...params, pairs }, inputs.slice(1))
    }
  },
  allToAll: {
    each: ({ params, inputs }) => {
      const back = { ...params, split: params.concat, concat: params.split }
      return linear("allToAll", params, "allToAll", back, inputs.slice(1))
    }
  }
}
