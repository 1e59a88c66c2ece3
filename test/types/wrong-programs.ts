/** What of the programs of errors/programs-*.ts does not end in a sentence of its own, and why. */

const lengths =
  "the tensor's type is the user's own, and the checker compares its parts: the first line has both"
const arrays = "the names of both typed arrays say it"
const functions = "the first line says that a tensor stands where a function belongs"
const lists = "the first line says what stands where a list, a spec or a tensor belongs"
const dtypes = "the name of the dtypes that are taken says it"

/** Programs that end in words of the checker, with the reason. */
export const ownWords: Readonly<Record<string, string>> = {
  denseOfAnotherInput: lengths,
  denseOfAnotherBias: lengths,
  batchThroughAFunctionOfOne: lengths,
  layersOfAnotherLength: lengths,
  arrayOfAnotherDtype: lengths,
  arrayOfAnotherShape: lengths,
  clampOfAnotherDtype: lengths,
  gradAtAnotherShape: lengths,
  gradAtAnotherDtype: lengths,
  vmapWithoutABatch: lengths,
  vmapOfAnotherDtype: lengths,
  vmapOfAnotherShape: lengths,
  tangentOfAnotherShape: lengths,
  cotangentOfAnotherShape: lengths,
  argumentOfAnotherArray: arrays,
  argumentOfIntegers: arrays,
  putOfAnotherArray: arrays,
  functionIsATensor: functions,
  gradOfAValue: functions,
  branchIsNoFunction: functions,
  casesAreTensors: functions,
  putWithoutASpec: lists,
  specsAreNoList: lists,
  concatenateOfTwoArguments: lists,
  gradAtAnArray: lists,
  caseIndexIsAFloat: dtypes,
  bodyPutsOutUndefined: "undefined and any object have nothing in common, so no words are left to show",
  lossForgetsReturn: "the loss has one check for all results, and nothing is left of void and a text"
}

const annotated = "JavaScript has no types of parameters; without them the program is right"
const language = "JavaScript's own error names it, or it has none"

/** Programs whose run has no hint, with the reason. */
export const unsaid: Readonly<Record<string, string>> = {
  updateOfAnotherTree: annotated,
  lossOfAParameterWithoutType: annotated,
  valueAndGradOfAParameterWithoutType: annotated,
  gradAtAnotherShape: annotated,
  vmapOfAParameterWithoutType: annotated,
  vmapWithoutABatch: annotated,
  vmapOfAnotherDtype: annotated,
  vmapOfAnotherShape: annotated,
  readTwice: language,
  equalToANumber: language,
  sliced: language,
  method: language,
  reshaped: language,
  toFixed: language,
  seedOfAGradient: "JavaScript gives the loss one argument more, which it does not name",
  bigintsForIntegers: "a run takes a bigint for any integer",
  deviceOptionIsUnknown: "the names of a device's options are not looked at",
  operandIsMissing: "a product of one operand is that operand",
  vmapWithTheArgument: "vmap looks at its options when what it gives is called"
}
