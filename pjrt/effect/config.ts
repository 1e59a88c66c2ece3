import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Backend } from "../backend/backend.ts"
import type { DeviceOptions } from "../backend/device-options.ts"
import type { DeviceError } from "../backend/errors.ts"
import { open } from "../device/device.ts"
import { DeviceName } from "./schema.ts"

/** The settings of the library, each as a value of Effect's Config. */
export const config = {
  /** `LOOPCARRY_DEVICE`: the device's name; `cpu` where nobody says. */
  device: Config.schema(DeviceName, "LOOPCARRY_DEVICE").pipe(Config.withDefault("cpu")),
  /** `LOOPCARRY_PLUGIN`: the plugin's shared library, in place of the one that would be found. */
  plugin: Config.option(Config.NonEmptyString("LOOPCARRY_PLUGIN")),
  /** `LOOPCARRY_OFFLINE`: never fetch a plugin. */
  offline: Config.Boolean("LOOPCARRY_OFFLINE").pipe(Config.withDefault(false)),
  /** `LOOPCARRY_NO_CACHE`: compile anew, and keep nothing on disk. */
  noCache: Config.Boolean("LOOPCARRY_NO_CACHE").pipe(Config.withDefault(false)),
  /** `LOOPCARRY_CACHE`: the folder of plugins and compiled programs. */
  cache: Config.option(Config.NonEmptyString("LOOPCARRY_CACHE"))
}

/** All settings together. */
export const settings = Config.all(config)

/** Opens the device that the settings name. The cache's folder is set for this process and those that it starts. */
const opened = Effect.gen(function* () {
  const { device, plugin, offline, noCache, cache } = yield* settings
  if (Option.isSome(cache)) process.env.LOOPCARRY_CACHE = cache.value
  const options: DeviceOptions = {
    plugin: Option.getOrUndefined(plugin),
    ...(offline ? { offline } : {}),
    ...(noCache ? { cache: false } : {})
  }
  return yield* open(device, options)
})

/**
 * The layer of the device that the `ConfigProvider` names: the environment's, where no other is given. It fails
 * with Config's own error for a setting that is wrong, else as `Device.layer`. It sets `LOOPCARRY_CACHE` in the
 * environment, where the settings have it.
 *
 * @example
 * const double = jit([f32()], (x) => mul(x, 2))
 * const doubled = Effect.flatMap(double(21), (y) => y.read).pipe(Effect.scoped)
 * const provider = ConfigProvider.layer(ConfigProvider.fromUnknown({ LOOPCARRY_DEVICE: "reference" }))
 * yield* doubled.pipe(Effect.provide(deviceLayer), Effect.provide(provider)) // 42
 */
export const deviceLayer: Layer.Layer<Backend, DeviceError | Config.ConfigError> = Layer.effect(
  Backend,
  opened
)
