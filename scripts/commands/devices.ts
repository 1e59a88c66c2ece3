import * as Effect from "effect/Effect"
import type { PluginError } from "../../native/errors.ts"
import type { DeviceInfo } from "../../pjrt/backend/backend.ts"
import type { DeviceError } from "../../pjrt/backend/errors.ts"
import type { UsageError } from "../../pjrt/cli/errors.ts"
import { deviceFlags, type FlagValues } from "../../pjrt/cli/flags.ts"
import { openDevice } from "../../pjrt/cli/main.ts"
import { table } from "../../pjrt/cli/table.ts"
import * as Device from "../../pjrt/device/device.ts"
import { findInstalled, howToGet } from "../../pjrt/platforms/plugins.ts"
import { type PlatformName, platformNames } from "../../pjrt/platforms/table.ts"
import { makeCommand } from "../command.ts"

type Values = FlagValues<typeof deviceFlags>

const usage = `loopcarry devices: the devices that programs can run on

Without --device and LOOPCARRY_DEVICE, every platform whose plugin is installed is asked.`

interface Absent {
  readonly platform: string
  readonly reason: string
  readonly next: string
}

const devicesOf = (values: Values, device: string | undefined) =>
  Effect.map(openDevice({ ...values, device }), (backend) => backend.devices).pipe(Effect.scoped)

const ask = (
  values: Values,
  platform: PlatformName
): Effect.Effect<ReadonlyArray<DeviceInfo> | Absent, never> =>
  Effect.gen(function* () {
    yield* Device.callsPlugins(platform)
    const found = yield* findInstalled(platform, { plugin: values.plugin })
    if (found === undefined)
      return { platform, reason: "no plugin is installed", next: howToGet(platform, "run") }
    return yield* devicesOf(values, platform)
  }).pipe(
    Effect.catch((error: PluginError | DeviceError | UsageError) =>
      Effect.succeed({ platform, reason: error.message, next: error.hint })
    )
  )

/** It takes no option of a plugin. */
const askReference = (values: Values): Effect.Effect<ReadonlyArray<DeviceInfo>> =>
  Effect.orDie(
    devicesOf(
      {
        ...values,
        plugin: undefined,
        "virtual-devices": undefined,
        isolate: false,
        profile: undefined,
        xla: []
      },
      "reference"
    )
  )

const isAbsent = (answer: ReadonlyArray<DeviceInfo> | Absent): answer is Absent => "reason" in answer

const plain = ({ name, platform, id, kind }: DeviceInfo) => ({ name, platform, id, kind })

export const command = makeCommand({
  usage,
  flags: deviceFlags,
  words: 0,
  run: (values) =>
    Effect.gen(function* () {
      const answers: ReadonlyArray<ReadonlyArray<DeviceInfo> | Absent> =
        values.device === undefined && !process.env.LOOPCARRY_DEVICE
          ? [
              ...(yield* Effect.forEach(platformNames, (platform) => ask(values, platform))),
              yield* askReference(values)
            ]
          : [yield* devicesOf(values, values.device)]
      const devices = answers.flatMap((answer) => (isAbsent(answer) ? [] : answer.map(plain)))
      const absent = answers.filter(isAbsent)
      if (values.json) return void process.stdout.write(`${JSON.stringify({ devices, absent })}\n`)
      const rows = [
        ...devices.map(({ name, kind }) => [name, kind] as const),
        ...absent.map(
          ({ platform, reason, next }) => [platform, `not available: ${reason} (next: ${next})`] as const
        )
      ]
      process.stdout.write(table(rows))
    })
})
