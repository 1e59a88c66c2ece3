import { createRequire } from "node:module"

/** The version of this package. */
export const productVersion = (): string => {
  const require = createRequire(import.meta.url)
  for (const file of ["../package.json", "../../package.json"]) {
    try {
      return require(file).version
    } catch {
      // The other layout: source beside the package file, or built below dist/.
    }
  }
  return "unknown"
}
