import { createRequire } from "node:module"

/** The version of this package; a bundle does not know it. */
export const packageVersion = (): string => {
  if (!import.meta.url) return "unknown"
  const require = createRequire(import.meta.url)
  for (const file of ["../../package.json", "../../../package.json"]) {
    try {
      const { name, version } = require(file)
      if (name === "loopcarry") return version
    } catch {
      // The other layout: source beside the package file, or built below dist/.
    }
  }
  return "unknown"
}
