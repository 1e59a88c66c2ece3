/** Programs with one mistake each, as users write them: loops and branches. */
import * as Effect from "effect/Effect"
import * as lc from "loopcarry"

const { add, arange, cond, convert, fori, gt, i32, jit, lt, map, maximum, mul, neg, ones, reshape } = lc
const { scalar, scan, stack, sum, switchCase, whileLoop, zeros, associativeScan } = lc

const zero = scalar(0, "f32")
const xs = zeros([10], "f32")

export const carryBecomesAVector = () =>
  scan(zero, zeros([10, 3], "f32"), (total, x) => [add(total, x), null])

export const carryBecomesAScalar = () => scan(zeros([3], "f32"), xs, (total, x) => [sum(mul(total, x)), null])

export const carryChangesItsDtype = () => scan(zero, xs, (total) => [convert(total, "i32"), null])

export const carryIsReshaped = () => scan(zeros([2, 3], "f32"), xs, (m) => [reshape(m, [6]), null])

export const carryGainsAKey = () =>
  scan({ mean: zero }, xs, ({ mean }, x) => [{ mean: add(mean, x), count: scalar(1, "i32") }, null])

export const carryLosesAKey = () =>
  scan({ mean: zero, count: zero }, xs, ({ mean }, x) => [{ mean: add(mean, x) }, null])

export const carryGainsAnElement = () => scan([zero, zero], xs, ([a, b], x) => [[a, b, x], null])

export const carryLosesAnElement = () => scan([zero, zero], xs, ([a], x) => [[add(a, x)], null])

export const carryOfARecordBecomesAList = () => scan({ a: zero }, xs, ({ a }) => [[a], null])

export const carryDeepInside = () =>
  scan({ layers: [{ w: zeros([3], "f32") }] }, xs, ({ layers: [{ w }] }) => [
    { layers: [{ w: stack([w, w]) }] },
    null
  ])

export const carryIsANumber = () => scan(0, xs, (total, x) => [add(x, total), null])

export const carryHoldsAName = () => scan({ name: "a", total: zero }, xs, (carry) => [carry, null])

export const bodyReturnsATensor = () => scan(zero, xs, (total, x) => add(total, x))

export const bodyReturnsARecord = () =>
  scan({ total: zero }, xs, ({ total }, x) => ({ total: add(total, x) }))

export const bodyReturnsThree = () => scan(zero, xs, (total, x) => [total, x, x])

export const bodyForgetsReturn = () =>
  scan(zero, xs, (total, x) => {
    add(total, x)
  })

export const bodyIsAsync = () => scan(zero, xs, async (total, x) => [add(total, x), null])

export const bodyReturnsAnEffect = () => scan(zero, xs, (total, x) => Effect.succeed([add(total, x), null]))

export const bodyIsAGenerator = () =>
  scan(zero, xs, function* (total, x) {
    yield total
    return [add(total, x), null]
  })

export const bodyPutsOutANumber = () => scan(zero, xs, (total, x) => [add(total, x), 1])

export const bodyPutsOutAName = () => scan(zero, xs, (total, x) => [add(total, x), { name: "loss", x }])

export const bodyPutsOutUndefined = () => scan(zero, xs, (total, x) => [add(total, x), undefined])

export const xsAreANumber = () => scan(zero, 10, (total) => [total, null])

export const xsAreAList = () => scan(zero, [1], (total) => [total, null])

export const lengthIsAText = () => scan(zero, null, (total) => [total, null], { length: "10" })

export const optionOfScanIsUnknown = () => scan(zero, xs, (total) => [total, null], { reversed: true })

export const rangeWithoutABound = () => jit([i32()], (n) => scan(zero, arange(n), (total) => [total, total]))

export const foriOverANumber = () => fori(0, 3, (_, total) => total, 0)

export const foriChangesItsCarry = () => fori(0, 3, (_, total) => convert(add(total, 1), "f64"), zero)

export const foriForgetsReturn = () =>
  fori(
    0,
    3,
    (_, total) => {
      add(total, 1)
    },
    zero
  )

export const foriUntilAText = () => fori(0, "3", (_, total) => total, zero)

export const whileOverAVector = () =>
  whileLoop(
    (x) => lt(x, 10),
    (x) => mul(x, 2),
    ones([3], "f32")
  )

export const whileTestIsANumber = () =>
  whileLoop(
    (x) => x,
    (x) => mul(x, 2),
    ones([], "f32")
  )

export const whileTestIsABoolean = () =>
  whileLoop(
    () => true,
    (x) => mul(x, 2),
    ones([], "f32")
  )

export const whileLosesAKey = () =>
  whileLoop(
    ({ x }) => lt(x, 10),
    ({ x }) => ({ x: mul(x, 2) }),
    { x: scalar(1, "f32"), steps: scalar(0, "i32") }
  )

export const mapForgetsReturn = () =>
  map((x) => {
    mul(x, 2)
  }, xs)

export const mapToNumbers = () => map(() => 1, xs)

export const branchesOfOtherDtypes = () =>
  cond(
    gt(sum(xs), 0),
    () => xs,
    () => zeros([10], "i32")
  )

export const branchesOfOtherShapes = () =>
  cond(
    gt(sum(xs), 0),
    () => xs,
    () => sum(xs)
  )

export const branchesOfOtherKeys = () =>
  cond(
    gt(sum(xs), 0),
    () => ({ value: xs, gain: xs }),
    () => ({ value: xs })
  )

export const branchesOfOtherLengths = () =>
  cond(
    gt(sum(xs), 0),
    () => [xs, xs],
    () => [xs]
  )

export const branchGivesANumber = () =>
  cond(
    gt(sum(xs), 0),
    () => zero,
    () => 0
  )

export const firstBranchGivesANumber = () =>
  cond(
    gt(sum(xs), 0),
    () => 0,
    () => zero
  )

export const branchForgetsReturn = () =>
  cond(
    gt(sum(xs), 0),
    () => zero,
    () => {
      neg(zero)
    }
  )

export const branchIsNoFunction = () => cond(gt(sum(xs), 0), xs, neg(xs))

export const conditionOfManyElements = () =>
  cond(
    gt(xs, 0),
    () => xs,
    () => neg(xs)
  )

export const conditionIsABoolean = () =>
  cond(
    true,
    () => xs,
    () => neg(xs)
  )

export const conditionIsANumber = () =>
  cond(
    sum(xs),
    () => xs,
    () => neg(xs)
  )

export const casesOfOtherDtypes = () => switchCase(scalar(1, "i32"), [() => xs, () => convert(xs, "i32")])

export const casesOfOtherShapes = () => switchCase(scalar(1, "i32"), [() => xs, () => sum(xs)])

export const casesOfOtherKeys = () => switchCase(scalar(1, "i32"), [() => ({ a: xs }), () => ({ b: xs })])

export const caseIndexIsANumber = () => switchCase(1, [() => xs, () => neg(xs)])

export const caseIndexIsAFloat = () => switchCase(zero, [() => xs, () => neg(xs)])

export const casesAreTensors = () => switchCase(scalar(1, "i32"), [xs, neg(xs)])

export const combineGivesAScalar = () => associativeScan((a, b) => sum(maximum(a, b)), zeros([10, 3], "f32"))

export const lengthBesideXs = () => scan(zero, xs, (total, x) => [add(total, x), null], { length: 5 })

export const lengthIsNoCount = () => scan(zero, null, (total) => [total, null], { length: 2.5 })

export const xsOfOtherLengths = () =>
  scan(zero, [xs, zeros([4], "f32")], (total, [x, y]) => [add(total, x, y), null])

export const xsAreMissing = () => scan(zero, null, (total) => [total, null])

export const xsAreAScalar = () => scan(zero, { x: xs, k: zero }, (total, { x }) => [add(total, x), null])

export const mapOverAScalar = () => map((x) => x, zero)
