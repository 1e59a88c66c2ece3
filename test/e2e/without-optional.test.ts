import { existsSync, writeFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { type Ended, root, startProcess } from "../support/command.ts"
import { installPacked } from "../support/installed.ts"
import { start } from "../support/serving.ts"

const { folder, binary } = installPacked({ optional: false })
const module = path.join(root, "test/golden/nested-scan.mlir")
const loopcarry = (...args: ReadonlyArray<string>): Promise<Ended> => startProcess(binary, args, {}).ended

describe("installed without optional dependencies", () => {
  it("a certificate is refused with the package that makes it, and nothing is made", async () => {
    const to = path.join(folder, "certificate")
    const refused = await loopcarry("serve", "--generate-certificate", to)
    expect(refused).toMatchObject({ status: 1, stdout: "" })
    expect(refused.stderr).toContain("takes the package node-forge, which is not installed")
    expect(refused.stderr).toContain("next: install it beside loopcarry: npm install node-forge")
    expect(existsSync(to)).toBe(false)
  })

  it("the library refuses with a typed error, and all its entry points load", async () => {
    const script = path.join(folder, "script.mjs")
    writeFileSync(
      script,
      `import * as Effect from "effect/Effect"
       import { add, f32, jit } from "loopcarry"
       import { Device } from "loopcarry/pjrt"
       import { readCsv } from "loopcarry/io"
       import { generateCertificate, PackageMissing } from "loopcarry/remote"
       const error = await generateCertificate(["host"]).catch((error) => error)
       const table = await Effect.runPromise(Effect.flip(readCsv("none.csv", { columns: { t: "f32" } })))
       const y = jit([f32()], (x) => add(x, 1))(41).pipe(Effect.flatMap((y) => y.read))
       console.log(
         error instanceof PackageMissing, error._tag, error.package, table._tag, table.package,
         await Effect.runPromise(Effect.scoped(Effect.provide(y, Device.layer("reference"))))
       )`
    )
    const ended = await startProcess(process.execPath, [script], {}).ended
    expect(ended).toMatchObject({
      status: 0,
      stderr: "",
      stdout: "true PackageMissing node-forge PackageMissing csv-parse 42\n"
    })
  })

  it("programs run on workers", async () => {
    const worker = await start()
    expect(await loopcarry("exec", module, "--device", worker.device)).toMatchObject({
      status: 0,
      stderr: ""
    })
    worker.process.kill("SIGTERM")
    expect(await worker.ended).toBe(0)
  })

  it("a plugin is refused with the package that calls it", async () => {
    const refused = await loopcarry("exec", module, "--device", "cpu")
    expect(refused).toMatchObject({ status: 3, stdout: "" })
    expect(refused.stderr).toContain(`install @koromix/koffi-${process.platform}-${process.arch}`)
  })
})
