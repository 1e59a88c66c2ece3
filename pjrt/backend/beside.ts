import { createRequire } from "node:module"
import { fileURLToPath, pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import { DeviceUnavailable } from "./errors.ts"
import { isBuilt, packageVersion } from "./version.ts"

/** A script for a child process to run, and the arguments that node needs for that: from source or as built. */
export interface Beside {
  readonly file: string
  readonly execArgv: ReadonlyArray<string>
}

/** This module, or the bundle that holds it. A bundle of CommonJS has no URL of its own. */
const here = import.meta.url || pathToFileURL(__filename).href

/** Whether a folder holds this very package: what its processes say to one another goes with the version. */
const isPackage = (folder: string): boolean => {
  try {
    const { name, version } = createRequire(here)(`${folder}package.json`)
    return name === "loopcarry" && version === packageVersion()
  } catch {
    return false
  }
}

/** The package that is installed where a user's bundle lies. */
const installed = (): string => {
  try {
    return createRequire(here)
      .resolve("loopcarry/package.json")
      .replace(/package\.json$/, "")
  } catch {
    return ""
  }
}

let folder: string | undefined

/** The folder that holds package.json, with a slash at its end. Undefined in a bundle that has no such package near. */
export const packageFolder = (): string | undefined => {
  if (!isBuilt) return fileURLToPath(new URL("../../", here))
  if (folder !== undefined) return folder
  const at = here.lastIndexOf("/dist/")
  const own = at < 0 ? "" : fileURLToPath(here.slice(0, at + 1))
  folder = [own, installed()].find((each) => each !== "" && isPackage(each))
  return folder
}

/** A script of this package, by its path within it and without its ending. Undefined as the folder is. */
export const scriptOf = (name: string): Beside | undefined => {
  const folder = packageFolder()
  if (folder === undefined) return undefined
  return isBuilt
    ? { file: `${folder}dist/${name}.js`, execArgv: [] }
    : { file: `${folder}${name}.ts`, execArgv: ["--import", "tsx"] }
}

/** The same for a process that is to hold a plugin. Fails where it is missing. */
export const holderScript = (name: string): Effect.Effect<Beside, DeviceUnavailable> => {
  const script = scriptOf(name)
  if (script !== undefined) return Effect.succeed(script)
  return Effect.fail(
    new DeviceUnavailable({
      device: "a process of its own",
      message: `a bundle cannot start the process that holds the plugin: that runs a script of loopcarry ${packageVersion()}, which is not installed near ${fileURLToPath(here)}`,
      hint: `install loopcarry ${packageVersion()} where the bundle runs, or use the device without isolating it`
    })
  )
}
