import { givesItsNumbers } from "../support/number-cases.ts"
import { unneeded } from "../support/unneeded.ts"

givesItsNumbers(unneeded)
