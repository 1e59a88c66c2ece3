import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"

/**
 * A tracer that sends spans to an OpenTelemetry collector, as OTLP in JSON; they are sent when the scope closes at the
 * latest. The endpoint is that of `OTEL_EXPORTER_OTLP_ENDPOINT`.
 */
export const otlpTracer = (
  endpoint: string,
  version: string
): Effect.Effect<Tracer.Tracer, never, Scope.Scope> =>
  Effect.gen(function* () {
    const [OtlpTracer, OtlpSerialization, FetchHttpClient] = yield* Effect.promise(() =>
      Promise.all([
        import("effect/observability/OtlpTracer"),
        import("effect/observability/OtlpSerialization"),
        import("effect/http/FetchHttpClient")
      ])
    )
    const tracing = OtlpTracer.layer({
      url: `${endpoint.replace(/\/$/, "")}/v1/traces`,
      resource: { serviceName: "loopcarry-worker", serviceVersion: version },
      exportInterval: 1000
    })
    const needed = Layer.merge(OtlpSerialization.layerJson, FetchHttpClient.layer)
    return Context.get(yield* Layer.build(Layer.provide(tracing, needed)), Tracer.Tracer)
  })

/** An effect as a span, where somebody traces. */
export const spanned = <A, E>(
  tracer: Tracer.Tracer | undefined,
  name: string,
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  tracer === undefined
    ? effect
    : Effect.provideService(Effect.withSpan(effect, `loopcarry.worker.${name}`), Tracer.Tracer, tracer)
