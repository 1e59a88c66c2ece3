/** The article's five programs, one after another, on one device. `npm start` runs this. */
import { experiments } from "loopcarry"
import cumulativeSum from "./cumulative-sum.ts"
import movingAverage from "./moving-average.ts"
import nestedScan from "./nested-scan.ts"
import recursiveUpdate from "./recursive-update.ts"
import sequentialTransform from "./sequential-transform.ts"

experiments("examples", {
  about: "arange on loop carry: the five programs",
  list: [cumulativeSum, recursiveUpdate, sequentialTransform, nestedScan, movingAverage]
})
