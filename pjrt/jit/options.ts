import type { Shardings } from "../../dsl/control/shard-map.ts"
import type { Passes } from "../../dsl/passes/names.ts"

/** What a jitted function takes over, how its arrays lie on a mesh, how its scans are improved, and what is refused. */
export interface JitOptions {
  /**
   * Arguments whose memory the program may take over for its results, by position; `true`: all. A device array given
   * there is gone after the call.
   */
  readonly donate?: ReadonlyArray<number> | true
  /** How the arguments are divided among the devices of a mesh: a list with an entry for each. Whole where left out. */
  readonly in?: Shardings
  /** How the results are. Where left out, as the function says by its last `withSharding` or `shardMap`, else whole. */
  readonly out?: Shardings
  /**
   * Which passes improve the program. `true`: all. `false`: only `prune`, which leaves out what no result needs. A list
   * of names: those, in their usual order, and `prune`. Where left out, as the device says, else all.
   */
  readonly optimize?: Passes
  /**
   * Permission for all scans, those of derivatives included, to compute their floats in another order: sums, products
   * and linear recurrences may then round otherwise. Where left out, as the device says, else only scans that say it
   * themselves.
   */
  readonly reassociate?: boolean
  /**
   * Whether warnings are errors, such as that of a comparison that nothing uses. Where left out, as the device says,
   * else they are not.
   */
  readonly strict?: boolean
}
