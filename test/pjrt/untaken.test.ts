import { givesItsNumbers } from "../support/number-cases.ts"
import { untaken } from "../support/untaken.ts"
import { untakenSteps } from "../support/untaken-steps.ts"

givesItsNumbers([...untakenSteps, ...untaken], 1e-5)
