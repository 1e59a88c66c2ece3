/** Options of XLA's compiler, under the names of DebugOptions in xla/xla.proto: `{ xla_cpu_enable_fast_math: true }`. */
export type XlaOptions = Readonly<Record<string, boolean | number | string>>

/** Whether a program, text or bytecode, has an operation that picks the greater or the lesser of its operands. */
const picks = (code: string | Uint8Array): boolean => {
  const text = typeof code === "string" ? code : Buffer.from(code.buffer, code.byteOffset, code.byteLength)
  return ["maximum", "minimum", "clamp", "chlo"].some((word) => text.includes(word))
}

/** The facts about a plugin that its options depend on. */
interface Plugin {
  readonly version: { readonly minor: number }
  readonly environment: ReadonlyArray<string>
}

/** What YNNPACK does for XLA but for reductions, by names that the plugin knows. */
const withoutReductions = ({ version }: Plugin): string =>
  ["DOT", ...(version.minor >= 106 ? ["CONVOLUTION"] : [])]
    .map((each) => `LIBRARY_FUSION_TYPE_INDIVIDUAL_${each}`)
    .join()

/**
 * Options of XLA for each platform, where the user gives no others.
 * A maximum with NaN is NaN, as in JAX, whose bindings set the same (jaxlib's CompileOptions). XLA's own default on the
 * CPU takes the other operand.
 * CPU plugins from PJRT 0.106 on give long reductions, and what comes before them, to YNNPACK. It ignores that option,
 * in JAX too. Where that can matter, YNNPACK gets no work.
 * Rounding that a program asks for is done. The CUDA compiler by default drops f32 -> bf16 -> f32
 * (SimplifyFPConversions); those of the CPU and the TPU do not.
 */
const ours = (platform: string, plugin: Plugin, code: string | Uint8Array): XlaOptions => {
  switch (platform) {
    case "cpu":
      return {
        xla_cpu_enable_fast_min_max: false,
        ...(picks(code) && { xla_cpu_experimental_ynn_fusion_type: withoutReductions(plugin) })
      }
    case "cuda":
      return { xla_gpu_enable_fast_min_max: false, xla_allow_excess_precision: false }
    default:
      return {}
  }
}

/** Whether XLA_FLAGS says something of an option. */
const says = ({ environment }: Plugin, name: string): boolean =>
  environment.some((each) => each.startsWith("XLA_FLAGS=") && new RegExp(`--${name}\\b`).test(each))

/** The options of XLA for a client's or a topology's compiler. */
export interface Told {
  /** By us, unless XLA_FLAGS says otherwise. */
  readonly ours: (code: string | Uint8Array) => XlaOptions
  /** By the user, above all else. */
  readonly given: XlaOptions
}

export const toldXla = (platform: string, plugin: Plugin, given: XlaOptions = {}): Told => ({
  ours: (code) =>
    Object.fromEntries(Object.entries(ours(platform, plugin, code)).filter(([name]) => !says(plugin, name))),
  given
})

/** All options of XLA for one program. */
export const allTold = ({ ours, given }: Told, code: string | Uint8Array): XlaOptions => ({
  ...ours(code),
  ...given
})

/**
 * The options to try again with, where the plugin refuses one of ours because it does not know the option or its value:
 * all but that one. Undefined for other complaints.
 */
export const toldLess = (told: Told, code: string | Uint8Array, complaint: string): Told | undefined => {
  const [, unknown, refused] =
    /^(?:No such compile option: '(\w+)'|While setting option (\w+),)/.exec(complaint) ?? []
  const name = unknown ?? refused
  if (name === undefined || name in told.given || !(name in told.ours(code))) return undefined
  return {
    given: told.given,
    ours: (each) => {
      const { [name]: _, ...rest } = told.ours(each)
      return rest
    }
  }
}

/** Whether a compiler complains of an option that it was given. */
export const refusesOption = (message: string): boolean =>
  /(?:^|: )(?:No such compile option: '\w+'|While setting option \w+,)/.test(message)

/** What is wrong with options as options, whichever the compiler knows. */
export const xlaFault = (options: XlaOptions): string | undefined => {
  for (const [name, value] of Object.entries(options)) {
    if (!/^xla_\w+$/.test(name)) return `${name} is no option of XLA: their names begin with xla_`
    if (typeof value === "number" && !Number.isFinite(value)) return `${name} cannot be ${value}`
    if (!["boolean", "number", "string"].includes(typeof value))
      return `${name} cannot be ${JSON.stringify(value)}: it takes a boolean, a number or a string`
  }
  return undefined
}

/** Where the names of options are to be found. */
export const xlaHint =
  "its options are the fields of DebugOptions in XLA's xla.proto, as far as the plugin has them"

/** Reads `name=value`: true and false are booleans, what reads as a number is one. Undefined where it is not that. */
export const parseXlaOption = (text: string): readonly [name: string, XlaOptions[string]] | undefined => {
  const [, name, value] = /^(?:--)?(xla_\w+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) return undefined
  if (value === "true" || value === "false") return [name, value === "true"]
  const number = Number(value)
  return [name, String(number) === value && Number.isFinite(number) ? number : value]
}
