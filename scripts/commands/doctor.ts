import * as Effect from "effect/Effect"
import { exitStatus } from "../../pjrt/cli/errors.ts"
import { flag } from "../../pjrt/cli/flags.ts"
import { checkup } from "../../pjrt/device/doctor/checkup.ts"
import type { Finding, Verdict } from "../../pjrt/platforms/findings.ts"
import { deviceNames, parseDeviceName } from "../../pjrt/platforms/names.ts"
import { makeCommand } from "../command.ts"
import { usage } from "../program-file.ts"

const flags = {
  device: flag.string(undefined, `${deviceNames}; all of this machine where none is named`),
  plugin: flag.string(undefined, "the plugin's shared library, in place of the one that is found"),
  "time-limit": flag.float(120, "seconds that one trial of a plugin may take")
}

const commandUsage = `loopcarry doctor: what keeps a device from working, and what to do about it

Plugins are tried in processes of their own, so that one that crashes or hangs is a finding. The exit status is 3
where there is a problem with the device that is asked for, or with the CPU where none is, and 4 where it is a worker's.`

const marks: Readonly<Record<Verdict, string>> = { ok: "ok", absent: "-", warning: "!", problem: "x" }

const text = ({ check, verdict, message, next, platform }: Finding): string => {
  const lines = message.split("\n")
  const place = `${platform ?? "here"}`.padEnd(6)
  const head = `${marks[verdict].padEnd(2)}  ${place}  ${check.padEnd(16)}  ${lines[0]}\n`
  const rest = lines.slice(1).map((line) => `${" ".repeat(30)}${line}\n`)
  return head + rest.join("") + (next === undefined ? "" : `${" ".repeat(30)}next: ${next}\n`)
}

export const command = makeCommand({
  usage: commandUsage,
  flags,
  words: 0,
  run: ({ device, plugin, json, "time-limit": timeLimit }) =>
    Effect.gen(function* () {
      if (device !== undefined && parseDeviceName(device) === undefined)
        return yield* usage(`${device} is no device name`, `device names are: ${deviceNames}`)
      const findings = yield* checkup({ device, plugin, timeLimit })
      const problems = findings.filter(({ verdict }) => verdict === "problem")
      process.stdout.write(
        json
          ? `${JSON.stringify({ healthy: problems.length === 0, findings })}\n`
          : findings.map(text).join("")
      )
      if (problems.some(({ platform }) => platform === "remote")) process.exitCode = exitStatus.remote
      else if (problems.length > 0) process.exitCode = exitStatus.device
    })
})
