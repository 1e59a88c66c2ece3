/** Training loops: the entry point "loopcarry/train". */
export type { EvaluateOptions, ReportOptions, SaveOptions, Seen, Trained, TrainOptions } from "./options.ts"
export { type TrainError, train } from "./train.ts"
