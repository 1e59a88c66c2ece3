import { count } from "../count.ts"
import { scopeError, shapeError } from "../errors.ts"
import { type Along, globalAval, localAval, partsOf } from "../mesh.ts"
import type { ShardMapParams } from "../program.ts"
import { axisError } from "../required.ts"
import { type Aval, sameAval, show } from "../shape.ts"
import { numeric, type Rules, requireKind } from "./rule.ts"

/** How many devices a collective combines. */
export const deviceCount = ({ mesh, names }: Along): number => {
  if (mesh !== null) return partsOf(mesh, names)
  throw scopeError("collective", "a collective has no mesh", "use it within shardMap")
}

const withAxis = (op: string, aval: Aval, axis: number, change: (dim: number) => number): Aval => {
  if (!(axis >= 0 && axis < aval.shape.length)) throw axisError(op, axis, aval)
  return { dtype: aval.dtype, shape: aval.shape.map((dim, i) => (i === axis ? change(dim) : dim)) }
}

const divided = (op: string, aval: Aval, axis: number, parts: number): Aval =>
  withAxis(op, aval, axis, (dim) => {
    if (dim % parts === 0) return dim / parts
    throw shapeError(
      op,
      `${op}: axis ${axis} of ${show(aval)} cannot be divided among ${count(parts, "device")}`,
      "pad it, or choose another axis"
    )
  })

const checkBody = ({ mesh, in: specs, out, body }: ShardMapParams, inputs: ReadonlyArray<Aval>) => {
  const locals = inputs.map((input, i) => localAval("shardMap", mesh, specs[i]!, input))
  const places = Object.keys(mesh.axes).length
  const given = body.inputs.slice(places)
  if (given.length !== locals.length || given.some(({ aval }, i) => !sameAval(aval, locals[i]!))) {
    throw shapeError(
      "shardMap",
      `shardMap: the body's parameters are ${given.map(({ aval }) => show(aval)).join(", ")}, not ${locals.map(show).join(", ")}`,
      "this program was not made by shardMap(); check the transform that made it"
    )
  }
  return body.outputs.map(({ aval }, i) => globalAval(mesh, out[i]!, aval))
}

/** The second operand of a collective, where there is one, ties it to the shardMap that its axis belongs to. */
export const shardingRules: Rules<
  "withSharding" | "shardMap" | "allReduce" | "allGather" | "reduceScatter" | "permute" | "allToAll"
> = {
  withSharding: {
    infer: ([x], { sharding }) => {
      localAval("withSharding", sharding.mesh, sharding.spec, x!)
      return [x!]
    }
  },
  shardMap: { infer: (inputs, params) => checkBody(params, inputs) },
  allReduce: {
    infer: ([x], { op }) => {
      requireKind(
        op === "sum" ? "psum" : `p${op}`,
        x!,
        op === "sum" ? numeric : ["float", "signed", "unsigned"]
      )
      return [x!]
    }
  },
  allGather: {
    infer: ([x], { along, axis }) => [withAxis("allGather", x!, axis, (dim) => dim * deviceCount(along))]
  },
  reduceScatter: {
    infer: ([x], { along, axis }) => {
      requireKind("psumScatter", x!, numeric)
      return [divided("psumScatter", x!, axis, deviceCount(along))]
    }
  },
  permute: { infer: ([x]) => [x!] },
  allToAll: {
    infer: ([x], { along, split, concat }) => {
      const parts = deviceCount(along)
      return [withAxis("allToAll", divided("allToAll", x!, split, parts), concat, (dim) => dim * parts)]
    }
  }
}
