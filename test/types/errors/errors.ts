/** Programs that must not compile. What the compiler says of each is kept in errors.snapshot.txt. */
import {
  add,
  arange,
  cond,
  convert,
  f32,
  grad,
  i32,
  jit,
  lt,
  matmul,
  mesh,
  neg,
  psum,
  scalar,
  scan,
  select,
  sharding,
  shardMap,
  sum,
  vmap,
  whileLoop,
  zeros
} from "loopcarry"

const a = zeros([3, 4], "f32")
const b = zeros([4, 5], "f32")
const n = zeros([3, 4], "i32")
const v = zeros([4], "f32")

export const shapesDoNotBroadcast = add(a, b)

export const dtypesDiffer = add(a, n)

export const innerDimensionsDiffer = matmul(a, zeros([5, 6], "f32"))

export const matrixRank = matmul(a, scalar(1, "f32"))

export const notANumberType = neg(zeros([2], "bool"))

export const carryChangesDType = scan({ v }, arange(3), (carry) => [{ v: convert(carry.v, "i32") }, null])

export const carryChangesShape = scan(v, arange(3), (carry) => [sum(carry), null])

export const carryLosesKey = scan({ v, count: scalar(0, "i32") }, arange(3), (carry) => [
  { v: carry.v },
  null
])

export const carryChangesDeepInside = scan({ layers: [{ w: v }] }, arange(3), (carry) => [
  { layers: [{ w: add(carry.layers[0].w, a) }] },
  null
])

export const carryIsANumber = scan(0, arange(3), (carry) => [carry, null])

export const unboundedOutputs = jit([i32()], (count) => scan(v, arange(count), (carry, x) => [carry, x]))

export const wrongArgument = jit([f32(3)], (x) => x)("three")

export const wrongRecord = jit([{ mean: f32() }], (x) => x)({ average: 1 })

export const branchesDiffer = select(zeros([3], "bool"), zeros([3], "f32"), zeros([3], "i32"))

export const lossIsNoScalar = grad((x: typeof v) => add(x, 1))(v)

export const lossIsNoFloat = grad((_: typeof v) => scalar(1, "i32"))(v)

export const branchesOfACondDiffer = cond(
  scalar(true, "bool"),
  () => v,
  () => convert(v, "i32")
)

export const whileChangesItsCarry = whileLoop(
  (c) => lt(c.n, 3),
  (c) => ({ n: convert(c.n, "f32") }),
  { n: scalar(0, "i32") }
)

export const batchesDoNotBroadcast = matmul(zeros([2, 3, 4], "f32"), zeros([3, 4, 5], "f32"))

export const vmapOverUnequalSizes = vmap((x: typeof v, y: typeof v) => add(x, y))(
  zeros([5, 4], "f32"),
  zeros([6, 4], "f32")
)

const line = mesh({ x: 4 })

export const axisThatTheMeshLacks = sharding(line, "y")

export const collectiveAlongWhatIsNoAxis = psum(v, "x")

export const axisOfAnotherName = shardMap(({ y }, part: typeof v) => psum(part, y), {
  mesh: line,
  in: null,
  out: null
})

export const partOfAnotherDType = shardMap((_, part: typeof v) => part, { mesh: line, in: null, out: null })(
  zeros([4], "i32")
)
