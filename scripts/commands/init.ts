import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import { packageFolder } from "../../pjrt/backend/beside.ts"
import { writeOut } from "../../pjrt/cli/output.ts"
import { makeCommand } from "../command.ts"
import { usage } from "../program-file.ts"
import { starterFiles } from "../starter.ts"

const commandUsage = `loopcarry init [FOLDER]: a project of three files that runs and type-checks: package.json, tsconfig.json, main.ts

FOLDER is this one, unless it is given. Files that are there stay as they are: then nothing is written.`

/** What npm takes for a name. */
const nameOf = (folder: string): string =>
  path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "") || "experiment"

/** The versions that this version is tested with. */
const versions = () => {
  const { version, devDependencies } = JSON.parse(
    readFileSync(path.join(packageFolder()!, "package.json"), "utf8")
  )
  return { ...devDependencies, loopcarry: version }
}

/** Writes each file, or none. */
const writeNew = (folder: string, files: Readonly<Record<string, string>>): void => {
  mkdirSync(folder, { recursive: true })
  const written: Array<string> = []
  try {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(folder, name)
      writeFileSync(file, content, { flag: "wx" })
      written.push(file)
    }
  } catch (error) {
    for (const file of written) rmSync(file, { force: true })
    throw error
  }
}

export const command = makeCommand({
  usage: commandUsage,
  flags: {},
  words: 1,
  run: ({ json }, [named = "."]) =>
    Effect.gen(function* () {
      const folder = path.resolve(named)
      const { effect, typescript, tsx, "@types/node": types, loopcarry } = versions()
      const files = starterFiles(nameOf(folder), {
        effect,
        typescript,
        tsx,
        "@types/node": types,
        loopcarry
      })
      const there = Object.keys(files).filter((name) => existsSync(path.join(folder, name)))
      if (there.length > 0) {
        return yield* usage(
          `${named} has ${there.join(", ")} already, and nothing was written`,
          "name a new folder: loopcarry init FOLDER"
        )
      }
      yield* Effect.try({
        try: () => writeNew(folder, files),
        catch: (error) =>
          usage(`${named} cannot be written to: ${(error as Error).message}`, "name another folder")
      })
      const names = Object.keys(files)
      const enter = folder === realpathSync(process.cwd()) ? "" : `cd ${named} && `
      writeOut(
        json
          ? `${JSON.stringify({ folder, files: names })}\n`
          : `wrote ${names.join(", ")}\n  next: ${enter}npm install && npm start\n`
      )
    })
})
