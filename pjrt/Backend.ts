import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Program } from "../dsl/program.ts"
import type { Aval } from "../dsl/shape.ts"
import type {
  ArgumentError,
  CompileError,
  ExecuteError,
  OutOfMemory,
  RunError,
  TransferError
} from "./errors.ts"

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

/** An array in host memory, row-major, in the machine's byte order. */
export interface HostArray extends Aval {
  readonly bytes: Uint8Array
}

/** An array on a device. */
export interface Buffer extends Aval {
  readonly device: DeviceInfo
  /** The elements, row-major. Waits until the device has written them. */
  readonly bytes: Effect.Effect<Uint8Array<ArrayBuffer>, TransferError>
  /** Frees the device memory before its scope does. */
  release(): void
}

/** A program as the backend takes it: StableHLO text or bytecode, and what is known of its `@main`. */
export interface ProgramSource {
  readonly code: string | Uint8Array
  /** The parameters; undefined where nobody has told. */
  readonly inputs?: ReadonlyArray<Aval> | undefined
  /** Indices of the parameters whose memory the program takes over. */
  readonly donated?: ReadonlyArray<number> | undefined
  /** The program that the code was made of, where it is one of the language; an interpreter runs that. */
  readonly program?: Program | undefined
  /** Whether its running time may depend on the values it is given. Taken to be so where nobody has told. */
  readonly variable?: boolean | undefined
}

/** A compiled program on the backend's device. */
export interface Executable {
  readonly inputs: ReadonlyArray<Aval> | undefined
  readonly outputs: ReadonlyArray<Aval>
  /** Runs it on arrays of this backend. The results stay on the device and belong to the scope. */
  run(args: ReadonlyArray<Buffer>, scope: Scope.Scope): Effect.Effect<ReadonlyArray<Buffer>, ExecuteError>
}

/** The one service that running a program asks for. A device flag picks its layer; nothing else knows which runs. */
export class Backend extends Context.Service<
  Backend,
  {
    /** The device that programs run on. */
    readonly device: DeviceInfo
    readonly devices: ReadonlyArray<DeviceInfo>
    /** The plugin's own version text. */
    readonly version: string
    /** Compiles a program, once: the same source again gives the same executable, which lives as long as the backend. */
    readonly compile: (source: ProgramSource) => Effect.Effect<Executable, CompileError>
    /** Copies an array to the device. The buffer belongs to the scope. */
    readonly put: (
      array: HostArray,
      scope: Scope.Scope
    ) => Effect.Effect<Buffer, ArgumentError | OutOfMemory | RunError>
    /** What compiling has cost so far. */
    readonly compiled: () => { readonly programs: number; readonly milliseconds: number }
  }
>()("loopcarry/Backend") {}
