import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Target } from "../../dsl/passes/pass.ts"
import type { Program } from "../../dsl/program.ts"
import type { Aval } from "../../dsl/shape.ts"
import type { HostMemory } from "../../native/memory.ts"
import type {
  ArgumentError,
  BufferGone,
  CompileFailure,
  DeviceLost,
  ExecuteError,
  PutError,
  TransferError
} from "./errors.ts"
import type { By } from "./owner.ts"
import type { DeviceCounts, Partitioning } from "./partition.ts"
import type { Tilings } from "./tiling.ts"

/** One device, by the names users see. */
export interface DeviceInfo {
  /** `cpu:0` */
  readonly name: string
  /** `cpu`, `cuda`, `tpu` */
  readonly platform: string
  readonly id: number
  /** The maker's name for it. */
  readonly kind: string
}

/** What a device says of its memory, in bytes; undefined where it does not say. */
export interface DeviceMemory {
  readonly inUse: number | undefined
  readonly peak: number | undefined
  readonly limit: number | undefined
  readonly largestFreeBlock: number | undefined
  /** What this process holds there: arrays that are neither read nor released, by their size, largest first. A worker names 1000. */
  readonly arrays: ReadonlyArray<HeldArray>
}

/** An array that something still holds. */
export interface HeldArray extends Aval {
  readonly bytes: number
}

/** An array in host memory, row-major, in the machine's byte order. */
export interface HostArray extends Aval {
  readonly bytes: Uint8Array
  /** The memory that the bytes lie in, where it is given away with them: the array on the device may keep it. */
  readonly memory?: HostMemory
}

/** Device memory that is read in place, until it is given back. */
export interface Borrowed {
  /** Where it begins, in this process. */
  readonly address: number
  readonly giveBack: () => void
}

/** An array on a device. */
export interface DeviceBuffer extends Aval {
  readonly device: DeviceInfo
  /** The elements, row-major. Waits until the device has written them. */
  readonly bytes: Effect.Effect<Uint8Array<ArrayBuffer>, TransferError>
  /**
   * The elements, row-major, where they lie: not copied where the device's memory is the host's and keeps them in that
   * order. Not to be written. The device memory is kept for as long as that array is reachable.
   */
  readonly view: Effect.Effect<Uint8Array<ArrayBuffer>, TransferError>
  /**
   * Where the elements lie, row-major. They are kept, also beyond a release, and not donated until they are given back.
   * Undefined where they cannot be had so: then `bytes` copies them.
   */
  readonly borrow?: Effect.Effect<Borrowed | undefined, TransferError>
  /** Why it can no longer be used; undefined while it can. */
  readonly gone?: BufferGone | DeviceLost | undefined
  /** Ends when the device has worked the elements out, or has failed to; at once where that is not known. */
  readonly ready?: Effect.Effect<void, TransferError>
  /** The elements as `bytes` gives them, if they can be had at once. */
  bytesNow?(): Uint8Array<ArrayBuffer> | undefined
  /** Makes another scope free the device memory, in place of its own. */
  keep(scope: Scope.Scope): void
  /** Frees the device memory before its scope does. `by` says who did, for those who use it later. */
  release(by?: By): void
}

/** What is known of a program beside its code. */
export interface SourceFacts {
  /** The parameters, whole; undefined where nobody has told: then the compiler is asked. */
  readonly inputs?: ReadonlyArray<Aval> | undefined
  /** The results, whole; undefined where nobody has told. */
  readonly outputs?: ReadonlyArray<Aval> | undefined
  /** Indices of the parameters whose memory the program takes over. */
  readonly donated?: ReadonlyArray<number> | undefined
  /** Whether this package wrote it, of a program of the language: then it is not screened. */
  readonly own?: boolean | undefined
  /** The most operations of which each needs the one before, where that is known. */
  readonly chain?: number | undefined
  /** Whether it prints. Where nobody has told, its module is read. */
  readonly prints?: boolean | undefined
  /** Whether its running time may depend on the values it is given. Taken to be so where nobody has told. */
  readonly variable?: boolean | undefined
  /** The passes that have improved it, in order. Undefined where this package has not made it. */
  readonly passes?: ReadonlyArray<string> | undefined
  /**
   * How its arrays are divided among the devices that run it together. Undefined where it is for one device, or where
   * its module gives the number of replicas and partitions.
   */
  readonly partitioning?: Partitioning | undefined
  /** The folder in which to write what the compiler is told, where the program is dumped. */
  readonly dump?: string | undefined
  /** Whether it has been looked at for what ends a process, as a worker does when it receives it. */
  readonly screened?: boolean | undefined
  /** For how many devices a program that is loaded was compiled; of one that is compiled its code says it. */
  readonly counts?: DeviceCounts | undefined
}

/** A program for a compiler: StableHLO text or bytecode, and what is known of its `@main`. */
export interface ProgramSource extends SourceFacts {
  readonly code: string | Uint8Array
}

/** A program for an interpreter. */
export interface InterpretedSource extends SourceFacts {
  readonly program: Program
}

/** What a plugin tells of a compiled program; undefined where it does not tell. Sizes in bytes, for one device. */
export interface Analysis {
  readonly codeBytes: number | undefined
  readonly memory:
    | {
        readonly code: number
        readonly arguments: number
        readonly outputs: number
        /** Of the outputs, what lies in the arguments' memory. */
        readonly aliased: number
        readonly temporaries: number
        readonly peak: number
      }
    | undefined
  /** XLA's estimates for one run, under its names: `flops`, `bytes accessed`, `transcendentals`, … */
  readonly cost: Readonly<Record<string, number>> | undefined
}

/** A compiled program on devices of the backend. */
export interface Executable {
  /** What each device takes; undefined where neither the source nor the compiler says it. */
  readonly inputs: ReadonlyArray<Aval> | undefined
  /** What each device gives. */
  readonly outputs: ReadonlyArray<Aval>
  /** The devices that run it, in the order of its mesh: all partitions of the first replica, then of the second, … */
  readonly devices: ReadonlyArray<DeviceInfo>
  /** How many of them are runs of their own. */
  readonly replicas: number
  /** How the whole arrays lie in what each device takes and gives, as the compiler says. */
  readonly tilings: Effect.Effect<Tilings, CompileFailure>
  /**
   * Runs it on arrays of this backend: those of the first device, then those of the second, and so on. The results come
   * in that order, stay on their devices and belong to the scope. `by` says which call takes donated arguments over.
   */
  run(
    args: ReadonlyArray<DeviceBuffer>,
    scope: Scope.Scope,
    by?: By
  ): Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError>
  /** As `run`, begun by this call: for callers that are run by a fiber just now. What is done already is an Exit. */
  start?(
    args: ReadonlyArray<DeviceBuffer>,
    scope: Scope.Scope,
    by?: By
  ): Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError>
  /** What the plugin tells of it. */
  readonly analysis: Effect.Effect<Analysis, CompileFailure>
  /** It as bytes, for `load` of the same plugin build on like hardware. */
  readonly serialized: Effect.Effect<Uint8Array<ArrayBuffer>, CompileFailure>
}

/** What compiled programs are bound to. */
export interface Identity {
  readonly platform: string
  /** The plugin's own version text. */
  readonly version: string
  /** The sha256 of the plugin's library. */
  readonly plugin: string
  /** What the processor can do, where programs are code for it. */
  readonly cpu: string | null
  /** The oldest and the newest StableHLO that it understands, where it tells. */
  readonly stablehlo: readonly [oldest: string, newest: string] | null
  /** All devices by their kinds, as many as there are. */
  readonly devices: string
}

/** What compiling has cost so far. */
export interface Compiled {
  readonly programs: number
  /** Of these, how many were loaded from the cache on disk. */
  readonly cached: number
  readonly milliseconds: number
}

/**
 * The scope that owns what a program makes: any scope. `Missing` is what TypeScript prints where a program is run
 * without one.
 */
export interface OpenScope<_Missing extends string = "wrap it in Effect.scoped(...)"> extends Scope.Scope {}

/**
 * The one service that running a program asks for. A device flag picks its layer; nothing else knows which runs.
 *
 * `Missing` is what TypeScript prints where a program is run without a device. No value has it.
 */
export class Backend<out Missing extends string = "provide Device.layer(...)"> extends Context.Service<
  Backend,
  {
    /** The device that programs run on; those of several devices run on it and on those after it. */
    readonly device: DeviceInfo
    readonly devices: ReadonlyArray<DeviceInfo>
    /** What a program of the language is made into for it. */
    readonly target: Target
    /** The plugin's own version text. */
    readonly version: string
    /** What the programs that it compiles are bound to. */
    readonly identity: Effect.Effect<Identity, CompileFailure>
    /**
     * Compiles a program, once: the same source again gives the same executable. It lives until `holder` and all others
     * that hold it have closed, and some time longer; without a holder, as long as the backend.
     */
    readonly compile: (
      source: ProgramSource | InterpretedSource,
      holder?: Scope.Scope
    ) => Effect.Effect<Executable, CompileFailure>
    /** Loads what an executable of the same plugin build was serialized to. It lives as long as the backend. */
    readonly load: (serialized: Uint8Array, source: SourceFacts) => Effect.Effect<Executable, CompileFailure>
    /** Copies an array to a device, the backend's own where none is named. The buffer belongs to the scope. */
    readonly put: (
      array: HostArray,
      scope: Scope.Scope,
      device?: DeviceInfo
    ) => Effect.Effect<DeviceBuffer, PutError>
    /** Whether `put` takes over the memory that is given with an array, and frees it where it does not keep it. */
    readonly takesMemory?: boolean
    /** Copies an array from one device of this backend to another. The copy belongs to the scope. */
    readonly copy: (
      buffer: DeviceBuffer,
      device: DeviceInfo,
      scope: Scope.Scope
    ) => Effect.Effect<DeviceBuffer, ExecuteError>
    /** What a device says of its memory, and what is held there. */
    readonly memory: (device: DeviceInfo) => Effect.Effect<DeviceMemory, ArgumentError | TransferError>
    /** What compiling has cost so far. */
    readonly compiled: () => Compiled
  }
>()("loopcarry/Backend") {
  declare readonly missing: Missing
}
