import { counted } from "../support/counted.ts"
import { givesItsNumbers } from "../support/number-cases.ts"

givesItsNumbers(counted)
