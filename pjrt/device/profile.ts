import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { PjrtApi } from "../../native/api.ts"
import type { PjrtError } from "../../native/errors.ts"
import { Profiler } from "../../native/profiler.ts"
import { writeThrough } from "../../native/write-through.ts"
import { DeviceUnavailable } from "../backend/errors.ts"
import { warn } from "../backend/warning.ts"

const unavailable = (device: string, message: string): DeviceUnavailable =>
  new DeviceUnavailable({
    device,
    message: `what ${device} does cannot be profiled: ${message}`,
    hint: "leave the profile out; --verbose shows how long each phase takes on any device"
  })

/** A file that cannot be written is not worth what has been computed. */
const write = (file: string, trace: Uint8Array): void => {
  try {
    writeThrough(file, trace)
  } catch (error) {
    warn(`the profile is not written: ${(error as Error).message}`)
  }
}

/**
 * Has the plugin's own profiler watch its devices until the scope closes, then writes what it saw, an XSpace. XProf and
 * TensorBoard show it if the file's name ends in `.xplane.pb`.
 */
export const profileTo = (
  api: PjrtApi,
  device: string,
  file: string
): Effect.Effect<void, DeviceUnavailable, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({
      try: () => {
        const profiler = Profiler.of(api)
        if (profiler === undefined) throw unavailable(device, "its plugin has no profiler")
        profiler.start()
        return profiler
      },
      catch: (error) =>
        error instanceof DeviceUnavailable ? error : unavailable(device, (error as PjrtError).message)
    }),
    (profiler) =>
      Effect.sync(() => {
        try {
          profiler.stop()
          write(file, profiler.collect())
          profiler.destroy()
        } catch (error) {
          warn(`the profile is lost: ${(error as Error).message}`)
        }
      })
  ).pipe(Effect.asVoid)
