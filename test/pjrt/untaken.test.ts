import { givesItsNumbers } from "../support/number-cases.ts"
import { untaken } from "../support/untaken.ts"

givesItsNumbers(untaken, 1e-5)
