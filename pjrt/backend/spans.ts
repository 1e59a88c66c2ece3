import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { type Aval, bytesOf, show } from "../../dsl/shape.ts"

/** The phases of a program's life, as spans name them. */
export type Phase = "trace" | "lower" | "compile" | "upload" | "run" | "download"

const spanOf = (phase: Phase): string => `loopcarry.${phase}`

/** Whether anyone has given this fiber a tracer of their own. Spans that nobody sees would cost what a small call does. */
export const isTraced = (context: { readonly mapUnsafe: ReadonlyMap<string, unknown> }): boolean =>
  context.mapUnsafe.has(Tracer.Tracer.key)

/** What a span says of its work, without the `loopcarry.` before each name; what is undefined is left out. */
export interface SpanFacts {
  /** What the jitted function is called. */
  readonly function?: string | undefined
  readonly device?: string | undefined
  /** What is moved: `f32[3,4]`. */
  readonly type?: string | undefined
  readonly bytes?: number | undefined
}

/** The facts of an array that is moved to a device or from it. */
export const moving = (array: Aval, device: string) => (): SpanFacts => ({
  type: show(array),
  bytes: bytesOf(array),
  device
})

const attributesOf = (facts: SpanFacts): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[`loopcarry.${name}`, value]]
    )
  )

/**
 * An effect as a span of the user's tracer, where there is one: `loopcarry.compile`, `loopcarry.run`, … Its facts are
 * only asked for then.
 */
export const inPhase = <A, E, R>(
  phase: Phase,
  effect: Effect.Effect<A, E, R>,
  facts?: () => SpanFacts
): Effect.Effect<A, E, R> =>
  Effect.withFiber((fiber) =>
    isTraced(fiber.context)
      ? Effect.withSpan(effect, spanOf(phase), { attributes: attributesOf(facts?.() ?? {}) })
      : effect
  )

/** The time that each phase has taken so far, in milliseconds, and how often it was gone through. */
export type PhaseTimes = ReadonlyMap<string, { readonly count: number; readonly milliseconds: number }>

/** A tracer that adds up how long each phase takes. */
export const phaseTimer = (): { readonly tracer: Tracer.Tracer; readonly times: PhaseTimes } => {
  const times = new Map<string, { count: number; milliseconds: number }>()
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      const end = span.end.bind(span)
      span.end = (endTime, exit) => {
        end(endTime, exit)
        const known = times.get(options.name) ?? { count: 0, milliseconds: 0 }
        times.set(options.name, {
          count: known.count + 1,
          milliseconds: known.milliseconds + Number(endTime - options.startTime) / 1e6
        })
      }
      return span
    }
  })
  return { tracer, times }
}

/** The times as text: `compile 41.2 ms, run 0.3 ms in 2`. */
export const showPhases = (times: PhaseTimes): string =>
  [...times]
    .filter(([name]) => name.startsWith("loopcarry."))
    .map(([name, { count, milliseconds }]) => {
      const phase = name.slice("loopcarry.".length)
      return `${phase} ${milliseconds.toFixed(1)} ms${count === 1 ? "" : ` in ${count}`}`
    })
    .join(", ")
