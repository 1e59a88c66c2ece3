import type * as Effect from "effect/Effect"
import type { Aval } from "../../dsl/shape.ts"
import type {
  Analysis,
  DeviceInfo,
  DeviceMemory,
  HostArray,
  Identity,
  ProgramSource,
  SourceFacts
} from "../backend/backend.ts"
import type { DeviceLost } from "../backend/errors.ts"
import type { Tilings } from "../backend/tiling.ts"
import type { Moved, Watch } from "../backend/watch.ts"

/** What the other side has opened. */
export interface Opened {
  readonly device: DeviceInfo
  readonly devices: ReadonlyArray<DeviceInfo>
  readonly version: string
}

/** An executable by what its owner must know. */
export interface Made {
  /** What each device takes, where the other side tells. */
  readonly inputs?: ReadonlyArray<Aval> | undefined
  readonly outputs: ReadonlyArray<Aval>
  readonly devices: ReadonlyArray<DeviceInfo>
}

/** Which errors an operation may give its caller knows; over a link they are all of one type. */
export const typed = <A, E>(effect: Effect.Effect<A, unknown>): Effect.Effect<A, E> =>
  effect as Effect.Effect<A, E>

type Asked<A> = Effect.Effect<A, unknown>

/**
 * A backend on the other side of a link: in a child process or on a remote worker. This side chooses the numbers of
 * arrays and executables, so a call may name one that an earlier call is still making. Where an interrupted call still
 * makes something, it is released there.
 */
export interface Link {
  /** Why it can no longer be asked anything, and all that it held is gone. */
  readonly lost: DeviceLost | undefined
  /** What everything that may take long goes through. */
  readonly watch: Watch
  readonly identity: Asked<Identity>
  compile(id: number, source: ProgramSource): Asked<Made>
  load(id: number, serialized: Uint8Array, source: SourceFacts): Asked<Made>
  analysis(executable: number): Asked<Analysis>
  tilings(executable: number): Asked<Tilings>
  serialized(executable: number): Asked<Uint8Array<ArrayBuffer>>
  /** A small array may be on its way yet when this ends: where it fails, its first use says why. */
  put(id: number, array: HostArray, device: number, moved: Moved): Asked<void>
  /** The results, of which there are `count`, are numbered from `first` on. Those that are small may come at once. */
  run(
    executable: number,
    args: ReadonlyArray<number>,
    first: number,
    count: number
  ): Asked<ReadonlyArray<Uint8Array<ArrayBuffer>> | undefined>
  read(id: number, aval: Aval, moved: Moved): Asked<Uint8Array<ArrayBuffer>>
  copy(id: number, from: number, device: number): Asked<void>
  release(id: number): void
  memory(device: number): Asked<DeviceMemory>
  /** Ends it with all that it holds. */
  readonly close: Effect.Effect<void>
}
