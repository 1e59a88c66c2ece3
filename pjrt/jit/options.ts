import type { Shardings } from "../../dsl/control/shard-map.ts"

/** What a jitted function takes over, and how its arrays lie on a mesh. */
export interface JitOptions {
  /**
   * Arguments whose memory the program may take over for its results, by position. A device array given there is gone
   * after the call.
   */
  readonly donate?: ReadonlyArray<number>
  /** How the arguments are divided among the devices of a mesh: a list with an entry for each. Whole where left out. */
  readonly in?: Shardings
  /** How the results are. Where left out, as the function says by its last `withSharding` or `shardMap`, else whole. */
  readonly out?: Shardings
}
