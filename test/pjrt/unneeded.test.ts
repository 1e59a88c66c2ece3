import { everywhere } from "../support/backends.ts"
import { givesItsNumbers } from "../support/number-cases.ts"
import { unneeded } from "../support/unneeded.ts"

givesItsNumbers(everywhere, unneeded)
