import type * as Tracer from "effect/Tracer"
import type { DeviceOptions } from "../../backend/device-options.ts"
import type { Overrun } from "../../backend/watch.ts"
import type { Record } from "./crashes.ts"
import type { Limits } from "./limits.ts"
import type { Tls } from "./server.ts"

/** Which device a worker serves, where, and to whom. */
export interface WorkerOptions extends Pick<DeviceOptions, "plugin" | "offline" | "virtualDevices" | "xla"> {
  /** The device that is served; all devices of its plugin can be asked for. */
  readonly device: string
  /** Where to listen. Beyond this machine that takes TLS and a token. */
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly tls?: Tls | undefined
  readonly token?: string | undefined
  readonly limits?: Partial<Limits> | undefined
  readonly log?: ((line: string) => void) | undefined
  readonly progress?: DeviceOptions["progress"]
  /** What becomes of the device where a compilation or a run takes too long. */
  readonly overrun?: Overrun
  /** Told of each call as a span. */
  readonly tracer?: Tracer.Tracer | undefined
  /** Why sessions that are not known here may be gone. */
  readonly before?: string | undefined
  /** Whether only one session is allowed, and who is told when it begins and ends. */
  readonly only?: ((now: "begun" | "ended") => void) | undefined
  /** Where it writes what it is doing, for its supervisor to read when this process has died. */
  readonly notes?: number | undefined
  /** What earlier processes have come to. */
  readonly record?: Record | undefined
  /** A program is suspected no more. */
  readonly cleared?: ((digest: string) => void) | undefined
}
