import { finding, runLonger } from "../findings.ts"
import type { Doctor } from "../platform.ts"

const isAppleSilicon = (): boolean => process.platform === "darwin" && process.arch === "arm64"

export const metalDoctor: Doctor = {
  isPresent: isAppleSilicon,
  findings: () => [
    isAppleSilicon()
      ? finding("apple gpu", "ok", "this is a Mac with Apple silicon", undefined, "metal")
      : finding("apple gpu", "absent", "this is no Mac with Apple silicon", undefined, "metal")
  ],
  slow: runLonger
}
