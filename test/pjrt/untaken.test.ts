import { everywhere } from "../support/backends.ts"
import { givesItsNumbers } from "../support/number-cases.ts"
import { untaken } from "../support/untaken.ts"

givesItsNumbers(everywhere, untaken, 1e-5)
