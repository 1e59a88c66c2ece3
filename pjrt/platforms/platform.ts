import type { PluginSource } from "../../native/plugins/source.ts"
import { promptLimits } from "../backend/prompt.ts"
import type { XlaDefaults } from "../backend/xla.ts"
import type { Finding } from "./findings.ts"

/** Options that a plugin's client is created with. */
export type ClientOptions = Readonly<Record<string, string | number | boolean>>

/** How a running client of this kind behaves. */
export interface Traits {
  /** Whether its arrays lie in this process's memory: they are read there, and its programs can call back into it. */
  readonly hostMemory: boolean
  /** Whether a program takes and gives arrays in row-major order where it says nothing of layouts. */
  readonly rowMajor: boolean
  /** Whether it compiles for the very processor that is here. */
  readonly forThisProcessor: boolean
  /** What XLA is told where nobody says otherwise. */
  readonly xla: XlaDefaults
  /** What compiled code depends on beside the environment and the files that flags name, for the cache's key. */
  readonly surroundings: () => ReadonlyArray<string>
  /** The tools to look for in a folder that a flag names. */
  readonly tools: ReadonlyArray<string>
  /** Arrays of up to so many bytes and axes are copied on the calling thread. `axes` is at most `promptRank`. */
  readonly prompt: { readonly bytes: number; readonly axes: number }
}

/** The traits of a device of which nothing more is known. */
export const plainTraits: Traits = {
  hostMemory: false,
  rowMajor: true,
  forThisProcessor: false,
  xla: () => ({}),
  surroundings: () => [],
  tools: [],
  prompt: promptLimits
}

/** What compiles for a target: the client of the device itself, or a topology of so many devices. */
export type TargetCompiler =
  | "client"
  | ((devices: number) => { readonly name: string; readonly options: ClientOptions })

/** The hardware that its compiler compiles for where that need not be here. */
export interface Targets {
  /** How they are named: `tpu:<generation>:<chips>`. */
  readonly syntax: string
  /** Names that are worth showing. */
  readonly known: ReadonlyArray<string>
  /** Variables that are set where it only compiles, unless the user has set them. */
  readonly environment: Readonly<Record<string, string>>
  /** Reads the words after the platform's name, which colons part. Undefined where there is no such target. */
  readonly parse: (words: ReadonlyArray<string>) => TargetCompiler | undefined
}

/** What `loopcarry doctor` looks at. */
export interface Doctor {
  /** Whether the hardware is there, so that its device is worth opening. */
  readonly isPresent: () => boolean
  readonly findings: (plugin: string | undefined) => ReadonlyArray<Finding>
  /** What to do where a trial takes too long. */
  readonly slow: string
}

/** All that is known of one kind of device. */
export interface Platform<Name extends string = string> {
  /** Its name in the public contract: `cuda` of `cuda:1`. */
  readonly name: Name
  /** What plugins call it, in lower case. */
  readonly reported: ReadonlyArray<string>
  /** Device names for help texts. */
  readonly examples: ReadonlyArray<string>
  readonly plugins: PluginSource
  readonly environment: {
    /** The variables that `prepare` may set. */
    readonly variables: ReadonlyArray<string>
    /** Sets what must stand in the environment before a plugin is loaded. What the user has set stays. */
    readonly prepare: (plugin: string, env: NodeJS.ProcessEnv) => void
    /** The variables that can change what its compiler makes. */
    readonly read: RegExp
  }
  /** Whether its library's exit handlers crash the process, and are left out. */
  readonly skipsExitHandlers: boolean
  /** Whether to see first, in a process of its own, if a device opens. */
  readonly triedElsewhere: () => boolean
  readonly clientOptions: (virtualDevices: number | undefined) => ClientOptions
  /** Into how many devices one is split at most; undefined where devices are real. */
  readonly mostVirtual: number | undefined
  /** What to do where its client does not open. */
  readonly unopened: string
  /** What plugins say when something is missing, and what to do about it. */
  readonly hints: ReadonlyArray<readonly [said: RegExp, hint: string]>
  readonly traits: Traits
  /** Undefined where nothing is compiled without the hardware. */
  readonly targets: Targets | undefined
  readonly doctor: () => Promise<Doctor>
}
