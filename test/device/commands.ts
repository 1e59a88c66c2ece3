/** The built command on a device, as processes: what a user of that machine would type, and what must come of it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { type Ended, example, loopcarry } from "../support/command.ts"
import { endlessModule } from "../support/endless-modules.ts"

/** What is wrong, if anything. */
export type CommandCheck = readonly [name: string, run: (device: string) => Promise<ReadonlyArray<string>>]

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-check-"))
process.once("exit", () => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string): string => {
  const at = path.join(folder, name)
  writeFileSync(at, text)
  return at
}

const doubling = `module { func.func public @main() -> tensor<3xf32> {
  %x = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %y = stablehlo.add %x, %x : tensor<3xf32>
  return %y : tensor<3xf32>
} }`

const tooLarge = `module { func.func public @main() -> tensor<1099511627776xf32> {
  %x = stablehlo.constant dense<1.0> : tensor<1099511627776xf32>
  return %x : tensor<1099511627776xf32>
} }`

const wrong = (ended: Ended, status: number, says: ReadonlyArray<string> = []): ReadonlyArray<string> => {
  const text = `${ended.stdout}${ended.stderr}`
  const last = ended.stderr.trim().split("\n").slice(-3).join(" | ")
  return [
    ...(ended.status === status
      ? []
      : [`exit status ${ended.status ?? ended.signal}, not ${status}: ${last}`]),
    ...says.filter((word) => !text.includes(word)).map((word) => `does not say ${word}: ${last}`)
  ]
}

const doubled = `"data":[2,4,6]`

const doubles =
  (...flags: ReadonlyArray<string>): CommandCheck[1] =>
  async (device) =>
    wrong(
      await loopcarry(["exec", file("double.mlir", doubling), "--device", device, "--json", ...flags]),
      0,
      [doubled]
    )

export const commandChecks: ReadonlyArray<CommandCheck> = [
  ["devices", async (device) => wrong(await loopcarry(["devices", "--json"]), 0, [device.split(":")[0]!])],
  [
    "doctor",
    async () => {
      const ended = await loopcarry(["doctor"])
      process.stdout.write(ended.stdout)
      return ended.status === 0 || ended.status === 3 ? [] : wrong(ended, 0)
    }
  ],
  ["exec", doubles()],
  ["exec, from the disk cache", doubles()],
  ["exec --isolate", doubles("--isolate")],
  [
    "exec --isolate --time-limit ends a loop without end",
    async (device) =>
      wrong(
        await loopcarry([
          "exec",
          file("endless.mlir", endlessModule),
          ...["--device", device, "--isolate", "--time-limit", "5"]
        ]),
        1,
        ["time limit"]
      )
  ],
  [
    "out of memory is named",
    async (device) => {
      const ended = await loopcarry(["exec", file("large.mlir", tooLarge), "--device", device])
      return ended.status === 1 || ended.status === 3 ? [] : wrong(ended, 3)
    }
  ],
  [
    "a device that is not there is refused",
    async (device) =>
      wrong(
        await loopcarry(["exec", file("double.mlir", doubling), "--device", `${device.split(":")[0]}:999`]),
        3
      )
  ],
  ...["cumulative-sum", "gradient-descent"].map(
    (name): CommandCheck => [
      `examples/${name}`,
      async (device) => wrong(await example(name, ["--device", device, "--json"]), 0)
    ]
  )
]
