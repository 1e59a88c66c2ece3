import type { Passes } from "../../dsl/passes/names.ts"
import type { WatchOptions } from "./watch.ts"
import type { XlaOptions } from "./xla.ts"

/** How a device is opened. */
export interface DeviceOptions {
  /** How many devices a CPU client pretends to have. */
  readonly virtualDevices?: number | undefined
  /** The plugin's shared library, in place of the one that would be found. */
  readonly plugin?: string | undefined
  /** Never fetch a plugin. */
  readonly offline?: boolean | undefined
  /** Told what fetching a plugin is doing; standard error where nobody is. */
  readonly progress?: ((step: string) => void) | undefined
  /**
   * Hold the plugin in a process of its own, whose crash is the error `DeviceLost` and not the end of this one. Programs
   * that somebody else wrote ask for it: compilers die of some.
   */
  readonly isolate?: boolean | undefined
  /** Told what `debugPrint` prints; standard error where nobody is. */
  readonly print?: ((text: string) => void) | undefined
  /** Seconds that compiling, a run, an upload or a read may take each; then it fails with `TimedOut`. */
  readonly timeLimit?: WatchOptions["timeLimit"]
  readonly slow?: WatchOptions["slow"]
  /** Write what the plugin's profiler sees to this file when the scope closes; a plugin without one is refused. */
  readonly profile?: string | undefined
  /** Seconds to wait for a remote worker that was there to be there again, once its session is lost (20). */
  readonly patience?: number | undefined
  /** Keep compiled programs on disk, as long as LOOPCARRY_NO_CACHE is not set. True where nobody says. */
  readonly cache?: boolean | undefined
  /**
   * Options of XLA's compiler under its own names, above XLA_FLAGS: `{ xla_cpu_enable_fast_math: true }`. The plugin
   * refuses those that it does not know when it compiles.
   */
  readonly xla?: XlaOptions | undefined
  /** Which passes improve programs, where jit does not say it itself: `false`, or a list of names. All where left out. */
  readonly optimize?: Passes | undefined
  /** Permission for all scans to compute their floats in another order, where jit does not say it itself. */
  readonly reassociate?: boolean | undefined
  /** Whether warnings about a function's code are errors, where jit does not say it itself. */
  readonly strict?: boolean | undefined
}
