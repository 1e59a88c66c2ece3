import type { Row } from "../row.ts"
import { decompositionRows } from "./decompositions.ts"
import { filterRows } from "./filters.ts"
import { networkRows } from "./networks.ts"
import { operationRows } from "./operations.ts"
import { recurrenceRows } from "./recurrences.ts"
import { seedRows } from "./seed.ts"

export const rows: ReadonlyArray<Row> = [
  ...seedRows,
  ...recurrenceRows,
  ...networkRows,
  ...filterRows,
  ...operationRows,
  ...decompositionRows
]
