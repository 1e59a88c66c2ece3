/** `npm run -s generate -- WHAT`: remakes the generated files of the repository. */
import { main as attacks } from "./attacks-table.ts"
import { main as names } from "./coming-from-jax/document.ts"
import { main as comparison } from "./comparison.ts"
import { main as editor } from "./editor.ts"
import { main as figures } from "./figures.ts"
import { main as abi } from "./generate-abi.ts"
import { main as wire } from "./generate-wire.ts"

const [what, ...args] = process.argv.slice(2)
if (what === "abi") abi(args)
else if (what === "wire") wire()
else if (what === "figures") figures(args)
else if (what === "comparison") comparison(args)
else if (what === "attacks") attacks(args)
else if (what === "names") names()
else if (what === "editor") await editor(args)
else {
  process.stderr.write(
    "usage: npm run -s generate -- abi [--header FILE.h]\n       npm run -s generate -- wire\n       npm run -s generate -- figures BENCH.json\n       npm run -s generate -- comparison COMPARISON.json\n       npm run -s generate -- attacks COUNTS.json\n       npm run -s generate -- names\n       npm run -s generate -- editor [TSC.js ...]\n"
  )
  process.exitCode = 2
}
