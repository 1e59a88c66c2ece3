/** Programs with one mistake each, as users write them: operations, shapes and dtypes. */
import * as lc from "loopcarry"

const { add, arange, argmax, at, broadcastTo, clamp, concatenate, constant, convert } = lc
const { einsum, exp, eye, full, linspace, matmul, mean, mul, oneHot, ones, random } = lc
const { reshape, scalar, select, slice, sort, split, squeeze, stack, sub, sum, take, topK, transpose } = lc
const { zeros } = lc

const a = zeros([3, 4], "f32")
const v = zeros([4], "f32")
const n = zeros([4], "i32")
const bytes = zeros([4], "u8")
const flags = zeros([4], "bool")

export const meanOfIntegers = () => mean(n)

export const exponentialOfIntegers = () => exp(n)

export const argmaxOfComplex = () => argmax(zeros([4], "c64"))

export const logicOfFloats = () => lc.and(v, flags)

export const rangeWithTextStep = () => arange(0, 1, "0.1")

export const rangeOfBooleans = () => arange(3, "bool")

export const rangeOfAFloatTensor = () => arange(scalar(3, "f32"))

export const clampBeyondTheDtype = () => clamp(0, bytes, 300)

export const clampOfFractions = () => clamp(0.5, n, 2)

export const clampDataFirst = () => clamp(v, 0, 1)

export const clampOfAnotherDtype = () => clamp(scalar(0, "i32"), v, 1)

export const powerOfAnotherDtype = () => lc.pow(v, scalar(2, "i32"))

export const einsumOfMixedDtypes = () => einsum("ij,j->i", a, n)

export const einsumOfOtherLengths = () => einsum("ij,j->i", a, zeros([3], "f32"))

export const einsumOfTooFewOperands = () => einsum("ij,j->i", a)

export const einsumOfAnotherRank = () => einsum("ijk,j->i", a, v)

export const einsumPutsOutAnUnknownAxis = () => einsum("ij,j->k", a, v)

export const squeezeOfALongAxis = () => squeeze(a, 0)

export const topOfTooMany = () => topK(v, 5)

export const takeBeyondTheAxes = () => take(a, 0, 2)

export const takeBeyondTheLength = () => take(v, 4)

export const takeAtFloats = () => take(v, zeros([2], "f32"))

export const reshapeToAnotherSize = () => reshape(a, [5, 2])

export const reshapeToAList = () => reshape(a, 12)

export const broadcastToASmallerShape = () => broadcastTo(a, [4])

export const concatenateOfOtherWidths = () => concatenate([a, zeros([3, 5], "f32")])

export const concatenateOfOtherDtypes = () => concatenate([v, n])

export const concatenateOfTwoArguments = () => concatenate(v, v)

export const stackOfOtherShapes = () => stack([v, zeros([3], "f32")])

export const stackOfNumbers = () => stack([1])

export const matmulOfOtherSizes = () => matmul(a, zeros([3, 2], "f32"))

export const matmulOfAScalar = () => matmul(a, 2)

export const matmulOfOtherDtypes = () => matmul(a, zeros([4, 2], "f64"))

export const setOfAnotherShape = () => at(a, 0).set(zeros([3], "f32"))

export const setOfAnotherDtype = () => at(a, 0).set(n)

export const setOfAText = () => at(a, 0).set("0")

export const setOfAFraction = () => at(n, 0).set(0.5)

export const indexOutOfRange = () => at(a, 3, 0).get()

export const secondIndexOutOfRange = () => at(a, 0, 4).get()

export const indicesTooMany = () => at(v, 0, 1).get()

export const indexIsAList = () => at(a, [0, 1]).get()

export const selectByFloats = () => select(v, v, 0)

export const selectOfOtherDtypes = () => select(flags, v, n)

export const selectOfNumbers = () => select(flags, 1, 0)

export const axisOutOfRange = () => sum(a, 2)

export const axisIsAnOption = () => sum(a, { axis: 0 })

export const keepdimsInLowerCase = () => sum(a, 0, { keepdims: true })

export const sortAlongNoAxis = () => sort(v, 1)

export const transposeWithoutAnAxis = () => transpose(a, [0])

export const sliceOfAnotherRank = () => slice(a, [0], [2])

export const sliceBeyondTheEnd = () => slice(v, [2], [6])

export const splitUnevenly = () => split(v, 3)

export const constantWithoutDtype = () => constant([1, 2])

export const constantOfText = () => constant("1", "f32")

export const dtypeOfNumPy = () => zeros([3], "float32")

export const dtypeIsASpec = () => convert(v, lc.i32)

export const dtypeIsMissing = () => zeros([3])

export const shapeIsANumber = () => ones(3, "f32")

export const shapeIsSpread = () => zeros(3, 4, "f32")

export const shapeIsATensor = () => zeros([scalar(3, "i32")], "f32")

export const fullWithoutAValue = () => full([3], "f32")

export const scalarOfABoolean = () => scalar(true, "f32")

export const scalarOfANumber = () => scalar(1, "bool")

export const identityOfAShape = () => eye([3], "f32")

export const linspaceOfIntegers = () => linspace(0, 1, 5, "i32")

export const oneHotOfFloats = () => oneHot(v, 4)

export const uniformWithoutAKey = () => random.uniform([3])

export const listAsAnOperand = () => add(v, [1, 2, 3, 4])

export const typedArrayAsAnOperand = () => sub(v, new Float64Array(4))

export const textAsAnOperand = () => mul(v, "2")

export const operandIsMissing = () => mul(v)

export const nullAsAnOperand = () => add(v, null)

export const logarithmOfAMask = () => lc.log(flags)

export const logicalNotOfFloats = () => lc.not(v)

export const productOfAMask = () => mul(v, flags)

export const productOfMasks = () => mul(flags, flags)

export const productWithAMaskLast = () => mul(v, v, flags)

export const transformOfFloats = () => lc.fft(v)

export const orderOfComplex = () => lc.lt(zeros([4], "c64"), 2)

export const realPartOfFloats = () => lc.real(v)

export const scalarIsAFraction = () => scalar(1.5, "i32")

export const fullBeyondTheDtype = () => full([3], 300, "u8")

export const transposeOfAnAxisThatIsNotThere = () => sum(transpose(a, [1, 2]), 0)

export const transposeOfTooManyAxes = () => transpose(a, [0, 1, 2])

export const constantOfAFraction = () => constant([[1, 2.5]], "i32")

export const constantBeyondTheDtype = () => constant([300], "i8")

export const constantOfNumbersAsBooleans = () => constant([1, 0], "bool")

export const constantOfABooleanAsANumber = () => constant([true], "f32")

export const fullLikeOfAFraction = () => lc.fullLike(n, 0.5)

export const lengthIsNegative = () => zeros([2, -1], "f32")

export const lengthIsAFraction = () => lc.f32(2.5)

export const countIsNegative = () => linspace(0, 1, -5)

export const rangeOfAFraction = () => lc.arange(2.5, "i32")

export const rangeBeyondTheDtype = () => lc.arange(-3, 3, "u8")

export const rangeWithoutAStep = () => lc.arange(0, 5, 0)

export const indicesAreBooleans = () => at(a, zeros([3], "bool")).get()

export const linesAtFloats = () => lc.takeAlong(v, v)

export const conjugateOfFloats = () => lc.conj(v)

export const transformOfIntegers = () => lc.rfft(n)

export const convolvedChannels = () => lc.conv(zeros([1, 2, 5], "f32"), zeros([4, 3, 2], "f32"))

export const convolvedRanks = () => lc.conv(zeros([1, 2, 5], "f32"), zeros([4, 2, 2, 2], "f32"))

export const choleskyOfNoSquare = () => lc.cholesky(a)

export const triangleOfOtherRows = () => lc.triangularSolve(zeros([3, 3], "f32"), zeros([4, 2], "f32"))

export const diagonalOfAVector = () => lc.diagonal(v)

export const triangleOfAVector = () => lc.tril(v)

export const whereOfOtherDtypes = () => lc.where(flags, v, n)

export const whereByFloats = () => lc.where(v, v, 0)

export const whereOfNumbers = () => lc.where(flags, 1, 0)
