/**
 * The words of each complaint, written once: `Say` makes the editor's message of them and `say` the run-time one.
 * A name in braces is replaced by the argument of that name.
 */
export const messages = {
  broadcast: "{op}: shapes do not broadcast: {a} and {b}",
  dtypes: "{op}: dtypes differ: {a} and {b}",
  dtypeKind: "{op}: takes {wanted}, not {a}",
  matmulInner: "{op}: inner dimensions differ: {a} x {b}",
  matmulBatch: "{op}: batches do not broadcast: {a} x {b}",
  matmulRank: "{op}: takes vectors and matrices, not {a} x {b}",
  leaf: "{op}: {path} is {a}, which is no tensor",
  carryLeaf: "{op}: {path} goes in as {a} but comes out as {b}",
  carryTree: "{op}: {path} goes in as {a} but comes out as {b}",
  unbounded: "{op}: the body puts out {a}, but the length has no bound",
  lossShape: "{op}: the loss is {a}, not a scalar",
  noAux: "{op}: with hasAux the function must return [{what}, aux]",
  lossDType: "{op}: the loss is {a}, not a float",
  noFloat: "{op}: {path} is {a}, not a float",
  integerGradient: "{op}: {path} is {a}, which has no gradient",
  argnums: "{op}: argnums names argument {n} of {count}",
  argnumsTwice: "{op}: argnums names an argument twice",
  predicate: "{op}: the {what} is {a}, not bool[]",
  branches: "{op}: one branch gives {a} but another gives {b}",
  treeParts: "{op}: {path} is {a}, but {first} is {b}",
  treeKey: "{op}: {path} has no {key}, which {first} has",
  result: "experiment: {path} is {a}",
  annotate: "{op}: give its parameters types, as in (w: F32<[3]>) => ...",
  async: "{op}: the function is async: leave async and await out",
  effect: "{op}: the function gives an Effect: yield* it outside, and call plain functions inside",
  axis: "{op}: axis {axis} is out of range for {a}",
  index: "{op}: index {index} is out of range on axis {axis} of {a}",
  axisTwice: "{op}: an axis is named twice in [{axes}]",
  eachAxis: "{op}: [{axes}] does not name each axis of {a}",
  noTensor: "{op}: no operand is a tensor, so nothing says the dtype",
  fraction: "{n} is not an integer",
  range: "{n} is out of range for {dtype} ({least} to {most})",
  noBool: "{n} is no bool; write true or false",
  noNumber: "{n} is no {dtype}",
  matrices: "{op}: {a} holds no matrices",
  square: "{op}: {a} holds no square matrices",
  fitBeside: "{op}: {a} and {b} do not fit",
  differ: "{op}: {a} and {b} differ",
  differBeside: "{op}: {a} and {b} differ beside axis {axis}",
  elements: "{op}: {a} has {have}, but {b} has {want}",
  fit: "{op}: {a} does not fit [{shape}]",
  expand: "{op}: {a} does not broadcast to [{shape}]",
  bounds: "{op}: {from} to {to} is out of range on axis {axis} of {a}",
  eachLimit: "{op}: needs a start, limit and stride for each axis of {a}",
  divide: "{op}: axis {axis} of {a} does not divide into {parts}",
  parts: "{op}: parts of {total} in all do not make axis {axis} of {a}",
  einsumOperands: 'einsum: "{spec}" names {want}, but {have} given',
  einsumTerm: 'einsum: "{term}" does not fit {a}',
  einsumAxis: "einsum: axis {letter} is {m} in {a} but {n} in {b}",
  einsumOut: 'einsum: "{spec}" puts out {letter}, which no operand has',
  squeeze: "{op}: axis {axis} of {a} has length {n}",
  topK: "{op}: there are no {k} elements along the last axis of {a}",
  indices: "{op}: {n} given for {a}",
  shaped: "{op}: {a} is not {b}",
  size: "{op}: {what} is {n}",
  axesOfArguments: "vmap: in has {n} for {count}",
  noRows: "{op}: {path} is the scalar {a}, which has no rows",
  differentRows: "{op}: xs have different lengths",
  noSteps: "{op}: nothing says how many steps there are",
  rowsAndLength: "{op}: xs have {rows} but the length is {n}",
  fractionBound: "arange: the {name} {n} is not an integer, but the dtype is {dtype}",
  rangeUnheld: "arange: a range of {steps} from {from} to {to} does not fit {dtype}",
  kernel: "conv: does not take {a} with the kernel {b}",
  features: "conv: features do not fit: {a} with the kernel {b} in {groups}"
} as const

type Messages = typeof messages
type Words = Readonly<Record<string, string>>

/** The type-level twin of `say`. */
export type Say<M extends keyof Messages, W extends Words> = Fill<Messages[M], W>

type Fill<Text extends string, W extends Words> = Text extends `${infer Head}{${infer Name}}${infer Rest}`
  ? `${Head}${Name extends keyof W ? W[Name] : never}${Fill<Rest, W>}`
  : Text

export const say = (message: keyof Messages, words: Words): string =>
  messages[message].replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? "")
