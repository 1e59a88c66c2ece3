import { execFileSync } from "node:child_process"
import path from "node:path"
import { root } from "./command.ts"

/** What the compiler prints with these arguments. */
export const tsc = (...args: ReadonlyArray<string>): string => {
  const file = path.join(root, "node_modules/typescript/bin/tsc")
  try {
    return execFileSync(process.execPath, [file, "--pretty", "false", ...args], {
      cwd: root,
      encoding: "utf8"
    })
  } catch (error) {
    return (error as { readonly stdout: string }).stdout
  }
}
