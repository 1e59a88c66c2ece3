import type * as Effect from "effect/Effect"
import type { HostValues } from "../array/array.ts"
import type { Batches } from "../io/batches.ts"
import type { DeviceRows } from "../io/rows.ts"

/** The batch of a step, counted from 0. An effect that makes it may read it from anywhere. */
export type BatchOf<B, E, R> = (step: number) => B | Effect.Effect<B, E, R>

/** What a loop has to say at one moment, where its metrics are read as H: `{ loss: number }`. */
export interface Seen<H> {
  /** How many steps are done. */
  readonly step: number
  readonly steps: number
  /** What the last step gave beside its state, read from the device. */
  readonly metrics: H
  /** Steps per second, since the last time. */
  readonly rate: number
  /** Seconds that the rest takes at that rate. */
  readonly left: number
}

/** When and how the loop is reported. */
export interface ReportOptions<H> {
  /** Seconds between reports: 0.2 on a terminal where it is left out, else 10. */
  readonly seconds?: number
  /** Told each time; where it is left out, a line goes to standard error. */
  readonly to?: (seen: Seen<H>) => void
}

/** What is worked out now and then beside the steps. */
export interface EvaluateOptions<Out, E, R> {
  /** After how many steps, each time. */
  readonly every: number
  /** Gives what is to be reported: numbers by name, or device arrays of one element. */
  readonly run: (state: Out, step: number) => Effect.Effect<Readonly<Record<string, unknown>>, E, R>
}

/** Where states are saved. */
export interface SaveOptions {
  readonly folder: string
  /** After how many steps, each time; only at the end where it is left out. */
  readonly every?: number
  /** How many are kept, those of the last steps (3). */
  readonly keep?: number
  /** Whether to go on from the last one. Else a folder that has some is refused. */
  readonly resume?: boolean
  /** `"skip"`: where the last one is damaged, the one before is taken. Else that is an error. */
  readonly damaged?: "refuse" | "skip"
  /** What is trained, in which version and with which optimiser. What was saved for another is refused. */
  readonly name?: string
  readonly version?: string
  readonly optimizer?: string
}

/** A training loop: where it begins, what a step does, and what is done beside the steps. */
export interface TrainOptions<In, Out extends In, B, M, E, R, DE, DR, VE, VR, T, N extends number> {
  /** The state before the first step: host data or device arrays. */
  readonly state: NoInfer<In>
  /** A jitted function of a state and a batch, or any that gives an effect: the next state, and what is to be reported. */
  readonly step: (state: In, batch: B) => Effect.Effect<readonly [Out, M], E, R>
  /** The batch of each step, or data in batches, which are put on the device ahead. */
  readonly data: BatchOf<NoInfer<B>, DE, DR> | Batches<T, N>
  /** How many steps; as many as there are batches where it is left out. */
  readonly steps?: number | undefined
  readonly report?: ReportOptions<HostValues<M>> | false | undefined
  readonly evaluate?: EvaluateOptions<Out, VE, VR> | undefined
  readonly save?: SaveOptions | undefined
  /** Ends the loop early: asked whenever the loop is reported. */
  readonly until?: ((seen: Seen<HostValues<M>>) => boolean) | undefined
}

/** How a loop has ended. */
export interface Trained<Out, H> {
  /** The last state, on the device. */
  readonly state: Out
  /** How many steps are done, those before a resume included. */
  readonly step: number
  /** What the last step gave beside its state; undefined where none was taken. */
  readonly metrics: H | undefined
  /** `"until"`: it was told to. `"interrupted"`: by Ctrl-C, SIGTERM or its fiber. */
  readonly ended: "done" | "until" | "interrupted"
}

/** Whether rows of data in batches are what a step takes; what says so where they are not. */
export type FitsStep<B, T, N extends number> = [T] extends [never]
  ? unknown
  : DeviceRows<T, N> extends B
    ? unknown
    : { readonly data: { readonly "the rows of data are not the batch that step takes": DeviceRows<T, N> } }
