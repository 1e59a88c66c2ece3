import { layerNorm, scaledDotProductAttention } from "../../../dsl/nn/index.ts"
import {
  add,
  at,
  conv,
  einsum,
  f32,
  i32,
  scalar,
  scan,
  softmax,
  sort,
  sum,
  take,
  topK,
  zeros
} from "../../../pjrt/loopcarry.ts"
import { given, normal } from "../inputs.ts"
import { type Row, row } from "../row.ts"

/** What users reach for beside loops, or inside them. */
const operation = (plain: Row): Row => ({ ...plain, kind: "operation" })

const places = (count: number, most: number) =>
  given(
    i32(count),
    Array.from({ length: count }, (_, i) => (i * 7919 + ((i * i) % 613)) % most)
  )

const takeInLoop = row(
  "take in a loop 10000 x 64",
  [normal(f32(4096, 64), 1), places(10_000, 4096)],
  (table, indices) => scan(zeros([64], "f32"), indices, (total, i) => [add(total, take(table, i)), null])[0]
)

const atInLoop = row(
  "at().set in a loop 10000 x 1000",
  [normal(f32(10_000), 2), places(10_000, 1000)],
  (values, indices) =>
    scan(zeros([1000], "f32"), [values, indices], (state, [value, i]) => [at(state, i).set(value), null])[0]
)

const sorted = row("sort 1e6", [normal(f32(1_000_000), 3)], (x) => sort(x))

const top = row("topK 16 of [256,10000]", [normal(f32(256, 10_000), 4)], (x) => topK(x, 16)[0])

const scatterAdded = row(
  "scatter-add 1e6 into 1000",
  [normal(f32(1_000_000), 5), places(1_000_000, 1000)],
  (values, indices) => at(zeros([1000], "f32"), indices).add(values),
  { relative: 1e-3, absolute: 1e-2 }
)

const convolved = row(
  "conv [8,32,64,64] by [64,32,3,3]",
  [normal(f32(8, 32, 64, 64), 6), normal(f32(64, 32, 3, 3), 7, 0.1)],
  (x, kernel) => conv(x, kernel, { padding: "same" }),
  { relative: 1e-3, absolute: 1e-3 }
)

const scores = row(
  "einsum bthd,bshd->bhts [4,256,8,64]",
  [normal(f32(4, 256, 8, 64), 8), normal(f32(4, 256, 8, 64), 9)],
  (q, k) => einsum("bthd,bshd->bhts", q, k),
  { relative: 1e-3, absolute: 1e-3 }
)

const soft = row("softmax [4096,512]", [normal(f32(4096, 512), 10)], (x) => softmax(x))

const normed = row(
  "layerNorm [4096,512]",
  [normal(f32(4096, 512), 12), normal(f32(512), 13), normal(f32(512), 14)],
  (x, weight, bias) => layerNorm(x, weight, bias),
  { relative: 1e-3, absolute: 1e-4 }
)

const heads = f32(4, 256, 8, 64)
const attention = row(
  "causal attention [4,256,8,64]",
  [normal(heads, 15), normal(heads, 16), normal(heads, 17)],
  (q, k, v) => scaledDotProductAttention(q, k, v, { causal: true }),
  { relative: 1e-3, absolute: 1e-3 }
)

const total = row("sum [4096,512]", [normal(f32(4096, 512), 11)], (x) => add(sum(x), scalar(0, "f32")), {
  absolute: 1e-1
})

export const operationRows: ReadonlyArray<Row> = [
  takeInLoop,
  atInLoop,
  sorted,
  top,
  scatterAdded,
  convolved,
  scores,
  soft,
  normed,
  attention,
  total
].map(operation)
