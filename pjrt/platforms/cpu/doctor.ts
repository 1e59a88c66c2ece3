import { runLonger } from "../findings.ts"
import type { Doctor } from "../platform.ts"

export const cpuDoctor: Doctor = {
  isPresent: () => true,
  findings: () => [],
  slow: runLonger
}
