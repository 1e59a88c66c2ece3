/** Operands, axes and shapes that the editor refuses. What the compiler says of each is in errors.snapshot.txt. */
import {
  add,
  arange,
  argmax,
  at,
  broadcastTo,
  concatenate,
  cumsum,
  eq,
  expandDims,
  lt,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  moveAxis,
  mul,
  reshape,
  reverse,
  select,
  shaped,
  slice,
  softmax,
  sort,
  split,
  squeeze,
  stack,
  sub,
  sum,
  take,
  transpose,
  zeros
} from "loopcarry"

const a = zeros([3, 4], "f32")
const v = zeros([4], "f32")
const n = zeros([4], "i32")
const bytes = zeros([4], "u8")
const holds = zeros([4], "bool")

export const thirdOperand = add(v, v, n)
export const fourthOperand = mul(v, 2, v, n)
export const thirdShape = add(v, v, zeros([3], "f32"))
export const fraction = add(n, 1.5)
export const fractionFirst = sub(0.5, n)
export const negative = add(bytes, -1)
export const tooLarge = add(bytes, 300)
export const tooLargeThird = add(bytes, bytes, 300)
export const boolAndNumber = eq(holds, 1)
export const boolAndMaximum = maximum(holds, 0)
export const floatAndBoolean = minimum(v, true)
export const comparedDTypes = lt(v, n)
export const comparedFraction = lt(n, 0.5)
export const selectedFraction = select(holds, n, 0.5)
export const predicateThatDoesNotBroadcast = select(zeros([3], "bool"), v, v)
export const mixedConcatenate = concatenate([v, n])
export const ranksConcatenated = concatenate([a, v])
export const lengthsConcatenated = concatenate([a, zeros([3, 5], "f32")])
export const mixedStack = stack([v, n])
export const lengthsStacked = stack([v, zeros([3], "f32")])
export const sumAxis = sum(a, 5)
export const maxAxes = max(a, [0, 2])
export const meanAxis = mean(v, 1)
export const argmaxAxis = argmax(v, -2)
export const scalarAxis = sum(sum(a), 0)
export const softmaxAxis = softmax(a, 2)
export const sortAxis = sort(v, 1)
export const cumsumAxis = cumsum(v, 1)
export const reverseAxis = reverse(v, 1)
export const concatenateAxis = concatenate([a, a], 3)
export const stackAxis = stack([v, v], 2)
export const takeAxis = take(a, 0, 2)
export const moveAxisFrom = moveAxis(a, 2, 0)
export const expandDimsAxis = expandDims(v, 3)
export const squeezeAxis = squeeze(v, 1)
export const splitAxis = split(v, 2, 1)
export const takeIndex = take(a, 3)
export const takeBackIndex = take(v, -5)
export const atIndex = at(v, 4).get()
export const axisTwice = transpose(a, [0, 0])
export const axesMissing = transpose(a, [0])
export const elements = reshape(a, [5])
export const elementsLeft = reshape(a, [5, -1])
export const expansion = broadcastTo(v, [3, 5])
export const sliceBeyond = slice(v, [0], [5])
export const sliceBackwards = slice(v, [3], [2])
export const sliceBefore = slice(a, [0, -1], [1, 2])
export const unevenSplit = split(v, 3)
export const splitLengths = split(v, [1, 2])
export const otherShape = shaped(a, [3, 5])
export const otherRank = shaped(a, [12])
export const noTensor = add(1, 2)
export const innerDimensions = matmul(a, a)
export const counted = add(arange(3), v)
