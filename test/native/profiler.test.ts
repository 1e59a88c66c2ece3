import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { PjrtApi } from "../../native/api.ts"
import { Profiler } from "../../native/profiler.ts"
import * as Device from "../../pjrt/device/device.ts"
import { plugins } from "../support/plugins.ts"
import { failure } from "../support/run.ts"

describe("the profiler", () => {
  it.each(plugins)("is not there on the CPU, and that is said: PJRT $api", async ({ path }) => {
    expect(Profiler.of(PjrtApi.load(path))).toBeUndefined()
    const error = await Effect.runPromise(
      failure(Effect.scoped(Device.open(`plugin:${path}`, { profile: "/nonexistent/trace.xplane.pb" })))
    )
    expect(error).toMatchObject({ _tag: "DeviceUnavailable" })
    expect(error.message).toContain("cannot be profiled: its plugin has no profiler")
  })
})
