import { availableParallelism } from "node:os"
import path from "node:path"
import { list } from "../../../native/files.ts"
import { xlaFlags } from "../../../native/plugins/environment.ts"
import { promptLimits } from "../../backend/prompt.ts"
import type { XlaPlugin } from "../../backend/xla.ts"
import type { Platform } from "../platform.ts"
import { cpuCatalog } from "./catalog.ts"

/** Whether a program, text or bytecode, has an operation that picks the greater or the lesser of its operands. */
const picks = (code: string | Uint8Array): boolean => {
  const text = typeof code === "string" ? code : Buffer.from(code.buffer, code.byteOffset, code.byteLength)
  return ["maximum", "minimum", "clamp", "chlo"].some((word) => text.includes(word))
}

/** What YNNPACK does for XLA but for reductions, by names that the plugin knows. */
const withoutReductions = ({ version }: XlaPlugin): string =>
  ["DOT", ...(version.minor >= 106 ? ["CONVOLUTION"] : [])]
    .map((each) => `LIBRARY_FUSION_TYPE_INDIVIDUAL_${each}`)
    .join()

const libraryName = /pjrt.*cpu.*\.(so|dylib)$/

/**
 * A loop whose step touches few bytes is compiled whole, as one function; in others each turn calls a function for each
 * operation. XLA's own limit is 1 kB. At 64 kB, a diagonal recurrence of 4096 steps by 64 lanes takes 0.21 ms in place
 * of 0.37, and the gradient of a tanh RNN of 1000 steps by 64 takes 1.02 ms in place of 1.56 (PJRT 0.115, 2 cores).
 */
const wholeLoops = "--xla_backend_extra_options=xla_cpu_small_while_loop_byte_threshold=65536"

/** The option of that name is a map, which a program's own options cannot set. */
const prepare = (plugin: string, env: NodeJS.ProcessEnv): void => {
  const flags = xlaFlags(env)
  if (libraryName.test(path.basename(plugin)) && !flags.includes("xla_backend_extra_options"))
    env.XLA_FLAGS = `${flags} ${wholeLoops}`.trim()
}

/** The processor of this machine. */
export const cpu: Platform<"cpu"> = {
  name: "cpu",
  reported: ["cpu"],
  examples: ["cpu", "cpu:1"],
  plugins: {
    platform: "cpu",
    catalog: cpuCatalog,
    machines: ["linux x64", "linux arm64"],
    called: ["cpu"],
    libraryName,
    inSitePackages: (site) =>
      list(path.join(site, "xla_plugins"))
        .filter((name) => name.includes("cpu"))
        .map((name) => path.join(site, "xla_plugins", name, `${name}.so`)),
    variable: undefined,
    fetched: "unasked",
    otherwise: undefined,
    toCompile: undefined
  },
  environment: { variables: ["XLA_FLAGS"], prepare, read: /^DNNL_|^(OMP_NUM_THREADS|NPROC)$/ },
  skipsExitHandlers: false,
  triedElsewhere: () => false,
  /**
   * Not asynchronous: a program runs on the thread that starts it, which loopcarry chooses. XLA would hand a program of
   * 1,000 operations and more to another thread: a vector expression of 1,000 numbers takes 45 µs then, and 16 so
   * (medians, PJRT 0.115 on two busy cores).
   */
  clientOptions: (virtualDevices = 1) => ({ cpu_device_count: virtualDevices, asynchronous: false }),
  mostVirtual: 4096,
  unopened: "see: loopcarry doctor",
  hints: [],
  traits: {
    hostMemory: true,
    rowMajor: true,
    forThisProcessor: true,
    /**
     * A maximum with NaN is NaN, as in JAX, whose bindings set the same (jaxlib's CompileOptions). XLA's own default
     * takes the other operand. CPU plugins from PJRT 0.106 on give long reductions, and what comes before them, to
     * YNNPACK. It ignores that option, in JAX too. Where that can matter, YNNPACK gets no work.
     */
    xla: (plugin, code) => ({
      xla_cpu_enable_fast_min_max: false,
      ...(picks(code) && { xla_cpu_experimental_ynn_fusion_type: withoutReductions(plugin) })
    }),
    // The compiler divides loops among the threads that there are.
    surroundings: () => [`threads=${availableParallelism()}`],
    tools: [],
    prompt: promptLimits
  },
  targets: {
    syntax: "cpu",
    known: ["cpu"],
    environment: {},
    parse: (words) => (words.length === 0 ? "client" : undefined)
  },
  doctor: async () => (await import("./doctor.ts")).cpuDoctor
}
