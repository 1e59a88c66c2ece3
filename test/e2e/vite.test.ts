import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { build } from "vite"
import { beforeAll, describe, expect, it } from "vitest"
import { installPacked } from "../support/installed.ts"
import { ended } from "../support/registry.ts"
import { everything, everythingSays } from "../support/users-program.ts"

const { folder } = installPacked({ optional: true })

describe.each([
  ["leaves packages outside", undefined],
  ["has all within it", true]
] as const)("a server built by Vite that %s", (_, noExternal) => {
  const out = path.join(folder, `server-${noExternal}`)
  beforeAll(async () => {
    writeFileSync(path.join(folder, "main.ts"), everything)
    writeFileSync(path.join(folder, "package.json"), `{ "type": "module" }`)
    await build({
      root: folder,
      logLevel: "error",
      configFile: false,
      ssr: noExternal ? { noExternal, external: ["koffi"] } : {},
      build: { ssr: "main.ts", outDir: out, target: "node20" }
    })
  })

  it("runs in process, in a process of its own, and on a worker", () => {
    const imported = /from ["']loopcarry/.test(readFileSync(path.join(out, "main.js"), "utf8"))
    expect(imported).toBe(noExternal === undefined)
    expect(ended(process.execPath, [path.join(out, "main.js")], folder)).toBe(everythingSays)
  })
})
