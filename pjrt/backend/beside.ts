import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { DeviceUnavailable } from "./errors.ts"

/** A script that a process of its own is to run, and what node needs for that: from source or as built. */
export interface Beside {
  readonly file: string
  readonly execArgv: ReadonlyArray<string>
}

/**
 * A script of this package, told by its path from the module that asks, whose own name within this package is told.
 * Fails in a bundle: there is no such script, or the user's own, which must not be run again.
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
        message: "a bundle cannot start the process that is to hold the plugin: that is a script of its own",
        hint: "leave loopcarry out of the bundle (external), or use the device without isolating it"
      })
    )
  }
  const file = fileURLToPath(new URL(`${script}${ending}`, url))
  return Effect.succeed({ file, execArgv: ending === ".ts" ? ["--import", "tsx"] : [] })
}
