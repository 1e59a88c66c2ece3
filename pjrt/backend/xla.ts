/** Options of XLA's compiler, under the names of DebugOptions in xla/xla.proto: `{ xla_cpu_enable_fast_math: true }`. */
export type XlaOptions = Readonly<Record<string, boolean | number | string>>

/** What of a plugin decides what it is told. */
export interface XlaPlugin {
  readonly version: { readonly minor: number }
  readonly environment: ReadonlyArray<string>
}

/** What XLA is told of a program where nobody says otherwise. */
export type XlaDefaults = (plugin: XlaPlugin, code: string | Uint8Array) => XlaOptions

/** The options of XLA for a client's or a topology's compiler. */
export interface Told {
  /** By us, unless XLA_FLAGS says otherwise. */
  readonly ours: (code: string | Uint8Array) => XlaOptions
  /** By the user, above all else. */
  readonly given: XlaOptions
}

/** All that a compiler is told of a program. */
export const allTold = ({ ours, given }: Told, code: string | Uint8Array): XlaOptions => ({
  ...ours(code),
  ...given
})

/**
 * The options to try again with, where the plugin does not know one of ours or its value: all but that one. Undefined for
 * other complaints.
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
