// Runs a built script of this clone, making the clone ready first: `node scripts/run.mjs examples/all.js --device cpu`.
// One process for both, for starting another would cost as much as all of the set-up's checks.
import path from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import "./setup.mjs"

const [node, , script, ...args] = process.argv
const built = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../dist", script)
process.argv = [node, built, ...args]
await import(pathToFileURL(built).href)
