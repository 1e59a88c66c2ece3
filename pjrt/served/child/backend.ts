import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { wantsPluginLog } from "../../../native/plugins/environment.ts"
import { toStandardError } from "../../array/printed.ts"
import type { Backend } from "../../backend/backend.ts"
import type { DeviceOptions } from "../../backend/device-options.ts"
import type { DeviceError } from "../../backend/errors.ts"
import { servedBackend } from "../backend.ts"
import { ChildLink } from "./link.ts"
import { Child } from "./process.ts"

/**
 * The backend of a device whose plugin runs in a child process. When that process ends, its calls in flight fail with
 * `DeviceLost`. The next call starts another.
 */
export const childBackend = (
  name: string,
  plugin: string,
  { progress: _, print = toStandardError, slow, timeLimit, isolate: __, ...options }: DeviceOptions
): Effect.Effect<Backend["Service"], DeviceError, Scope.Scope> =>
  servedBackend(
    Effect.suspend(() =>
      Effect.flatMap(Child.start(name, { print, verbose: wantsPluginLog(), slow, timeLimit }), (child) =>
        child.call("open", { name, plugin, options }).pipe(
          Effect.onError(() => child.close),
          Effect.map((opened) => ({ link: new ChildLink(child, options.profile !== undefined), opened }))
        )
      )
    )
  )
