import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { screenForeign, sourceFault } from "../../pjrt/module/screen/read.ts"
import { defaultLimits } from "../../pjrt/serve/worker/limits.ts"
import { screen } from "../../pjrt/serve/worker/screen.ts"
import { countAttacks } from "../support/attack.ts"
import { onPlugins } from "../support/backends.ts"
import { withTexts } from "../support/bytecode.ts"
import { fatalModules, harmlessModules } from "../support/foreign-modules.ts"
import { fatalPrograms, screenPrograms } from "../support/mutants.ts"
import { failure } from "../support/run.ts"

describe("a module that somebody else wrote", () => {
  it("is refused where it would end the process, by the worker too", (context) => {
    for (const [what, code, why] of fatalModules) {
      const bytes = Buffer.from(code)
      expect(screenForeign(code), what).toMatchObject({
        _tag: "CompileError",
        message: expect.stringContaining(why)
      })
      expect(screen(bytes, typeof code !== "string", defaultLimits), what).toBeInstanceOf(Error)
    }
    countAttacks(context, 2 * fatalModules.length)
  })

  it("is looked at once: not again where a worker has looked", () => {
    const [, code] = fatalModules[0]!
    expect(sourceFault({ code })).toMatchObject({ _tag: "CompileError" })
    expect(sourceFault({ code, screened: true })).toBeUndefined()
  })

  it("is read alike in bytecode", (context) => {
    for (const [name, file] of fatalPrograms)
      expect(screenForeign(file), name).toMatchObject({ _tag: "CompileError" })
    let made = fatalPrograms.length
    for (const [name, file] of Object.entries(screenPrograms)) {
      expect(screenForeign(file), name).toBeUndefined()
      if (!name.startsWith("calls")) continue
      // What @main calls is called @main.
      const circle = withTexts(file, (text) =>
        text.toString("latin1") === "f\0" ? Buffer.from("main\0") : text
      )
      expect(screenForeign(circle)?.message, name).toContain("in a circle: @main -> @main")
      made++
    }
    countAttacks(context, made)
  })

  it.each(harmlessModules)("passes with %s", (_, code) => expect(screenForeign(code)).toBeUndefined())
})

describe.each(onPlugins)("on $on", ({ open }) => {
  const run = open()

  it("modules that would end the process are compile errors", async (context) => {
    for (const [what, code, why] of fatalModules) {
      const given = typeof code === "string" ? code : new Uint8Array(code)
      const error = await run(Effect.flatMap(Backend, (backend) => failure(backend.compile({ code: given }))))
      expect(error, what).toMatchObject({ _tag: "CompileError", message: expect.stringContaining(why) })
    }
    countAttacks(context, fatalModules.length)
  })

  it("modules that are nearly like these compile", async () => {
    for (const [, code] of harmlessModules.filter(([what]) => what !== "a composite"))
      await run(Effect.flatMap(Backend, (backend) => backend.compile({ code })))
  })
})
