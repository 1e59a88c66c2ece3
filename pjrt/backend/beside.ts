import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { DeviceUnavailable } from "./errors.ts"

/** A script for a child process to run, and the arguments that node needs for that: from source or as built. */
export interface Beside {
  readonly file: string
  readonly execArgv: ReadonlyArray<string>
}

/**
 * A script of this package, by its path from the module that asks. `own` is that module's path within this package,
 * without its ending. Fails in a bundle: there the script is missing, or is the user's own, which must not run again.
 */
export const scriptBeside = (
  url: string | undefined,
  own: string,
  script: string
): Effect.Effect<Beside, DeviceUnavailable> => {
  const ending = [".ts", ".js"].find((each) => url?.endsWith(`/${own}${each}`))
  if (url === undefined || ending === undefined) {
    return Effect.fail(
      new DeviceUnavailable({
        device: "a process of its own",
        message:
          "a bundle cannot start the process that holds the plugin, because that process runs a separate script",
        hint: "leave loopcarry out of the bundle (external), or use the device without isolating it"
      })
    )
  }
  const file = fileURLToPath(new URL(`${script}${ending}`, url))
  return Effect.succeed({ file, execArgv: ending === ".ts" ? ["--import", "tsx"] : [] })
}
