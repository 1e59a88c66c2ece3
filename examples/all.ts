/** The article's five programs, one after another, on one device. `npm start` runs this. */
import { fileURLToPath } from "node:url"
import { experiments } from "loopcarry"
import cumulativeSum from "./cumulative-sum.ts"
import movingAverage from "./moving-average.ts"
import nestedScan from "./nested-scan.ts"
import recursiveUpdate from "./recursive-update.ts"
import sequentialTransform from "./sequential-transform.ts"

const next = `Each program above lists its equations; docs/how-it-works.md explains the notation. Try next:

  node dist/examples/nested-scan.js                           one of them by itself
  npm run -s loopcarry -- emit examples/nested-scan.ts        the StableHLO that it compiles to
  node dist/examples/gradient-descent.js                      a gradient through a scan
  node dist/examples/char-rnn.js                              a network that learns to write
  node dist/examples/cumulative-sum.js --device reference     another device
  npm run -s loopcarry -- devices                             the devices that are here

README.md shows how to write your own.
`

// Said to people only: stdout is for results.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const forPeople = !process.argv.some((each) => each === "--json" || each === "--help")
  process.once("exit", (status) => {
    if (status === 0 && forPeople) process.stderr.write(next)
  })
}

experiments("examples", {
  about: "arange on loop carry: the five programs",
  list: [cumulativeSum, recursiveUpdate, sequentialTransform, nestedScan, movingAverage]
})
