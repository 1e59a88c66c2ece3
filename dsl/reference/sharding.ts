import type { Program, ShardMapParams } from "../program.ts"
import { unshardedMap } from "../transform/unshard.ts"
import type { Evaluates } from "./evaluate.ts"

const unsharded = new WeakMap<ShardMapParams, Program>()

const alone = (): never => {
  throw new Error("a collective is evaluated outside of its shardMap")
}

/** One interpreter stands for all devices: it runs what they do together. */
export const shardingEvaluates: Evaluates<
  "withSharding" | "shardMap" | "allReduce" | "allGather" | "reduceScatter" | "permute" | "allToAll"
> = {
  withSharding: ({ inputs }) => [inputs[0]!],
  shardMap: ({ params, inputs, run }) => {
    let program = unsharded.get(params)
    if (program === undefined) {
      program = unshardedMap(params)
      unsharded.set(params, program)
    }
    return run(program, inputs)
  },
  allReduce: alone,
  allGather: alone,
  reduceScatter: alone,
  permute: alone,
  allToAll: alone
}
