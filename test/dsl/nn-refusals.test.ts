import { describe, expect, it } from "vitest"
import * as lc from "../../dsl/index.ts"
import * as nn from "../../dsl/nn/index.ts"
import { run } from "../../dsl/reference/run.ts"
import { traceNow } from "../../dsl/trace.ts"
import { type Loose, refusal } from "../support/refused.ts"

const { bool, f16, f32, f64, i32, u32 } = lc
const { initializers } = nn
const attend = nn.scaledDotProductAttention
const key = u32(2)

type Case = readonly [
  text: string,
  specs: ReadonlyArray<lc.Spec>,
  fn: (...args: ReadonlyArray<Loose>) => unknown
]

const families: Readonly<Record<string, ReadonlyArray<Case>>> = {
  activations: [
    ["DTypeError: gelu: takes floats, not i32[2]", [i32(2)], nn.gelu],
    ["DTypeError: relu: takes floats, signed integers or unsigned integers, not bool[2]", [bool(2)], nn.relu],
    ["ValueError: relu: x is 3, not a tensor", [], () => nn.relu(3 as Loose)],
    ["ValueError: gelu: there is no option", [f32(2)], (x) => nn.gelu(x, { exact: true } as Loose)],
    [
      "ValueError: gelu: approximate is 1, not a boolean",
      [f32(2)],
      (x) => nn.gelu(x, { approximate: 1 } as Loose)
    ],
    ["ValueError: elu: alpha is NaN", [f32(2)], (x) => nn.elu(x, Number.NaN)],
    ["DTypeError: elu: dtypes differ: f32[2] and f64[]", [f32(2), f64()], nn.elu],
    [
      "ShapeError: leakyRelu: shapes do not broadcast: f32[3] and f32[2,1]",
      [f32(3), f32(2, 1)],
      nn.leakyRelu
    ],
    ["ShapeError: glu: axis 0 of f32[3] does not divide into 2", [f32(3)], nn.glu],
    ["ShapeError: glu: ", [f32(4)], (x) => nn.glu(x, 1 as Loose)]
  ],
  pools: [
    ["DTypeError: avgPool: takes floats, not i32[4,2]", [i32(4, 2)], (x) => nn.avgPool(x as Loose, [2])],
    [
      "DTypeError: maxPool: takes floats, signed integers or unsigned integers",
      [bool(4, 2)],
      (x) => nn.maxPool(x as Loose, [2])
    ],
    [
      "ShapeError: minPool: a window over 2 axes does not fit f32[4,2]",
      [f32(4, 2)],
      (x) => nn.minPool(x, [2, 2])
    ],
    ["ShapeError: maxPool: the window is 0", [f32(4, 2)], (x) => nn.maxPool(x, [0])],
    ["ValueError: maxPool: the window is 2", [f32(4, 2)], (x) => nn.maxPool(x, 2 as Loose)],
    [
      "ShapeError: maxPool: strides has 2 entries for 1 axis",
      [f32(4, 2)],
      (x) => nn.maxPool(x, [2], { strides: [1, 2] })
    ],
    [
      "ValueError: maxPool: features is",
      [f32(4, 2)],
      (x) => nn.maxPool(x, [2], { features: "middle" as Loose })
    ],
    ["ValueError: avgPool: padding is", [f32(4, 2)], (x) => nn.avgPool(x, [2], { padding: "full" as Loose })],
    ["ValueError: avgPool: padding is 1", [f32(4, 2)], (x) => nn.avgPool(x, [2], { padding: 1 as Loose })],
    [
      "ValueError: avgPool: countIncludePad is 1",
      [f32(4, 2)],
      (x) => nn.avgPool(x, [2], { countIncludePad: 1 as Loose })
    ]
  ],
  norms: [
    ["DTypeError: layerNorm: takes floats, not i32[2]", [i32(2)], nn.layerNorm],
    ["DTypeError: layerNorm: dtypes differ: f32[2] and f16[2]", [f32(2), f16(2)], nn.layerNorm],
    [
      "ShapeError: layerNorm: shapes do not broadcast: f32[4,2] and f32[4]",
      [f32(4, 2), f32(4)],
      nn.layerNorm
    ],
    ["ValueError: layerNorm: scale is 2, not a tensor", [f32(2)], (x) => nn.layerNorm(x, 2 as Loose)],
    ["ValueError: rmsNorm: epsilon is -1", [f32(2)], (x) => nn.rmsNorm(x, null, { epsilon: -1 })],
    ["ShapeError: standardize: ", [f32(2)], (x) => nn.standardize(x, { axes: [0, 1] })],
    [
      "DTypeError: standardize: dtypes differ: f32[2] and f64[]",
      [f32(2), f64()],
      (x, mean) => nn.standardize(x, { mean })
    ]
  ],
  dropout: [
    ["ValueError: dropout: the rate is 1.5", [key, f32(2)], (k, x) => nn.dropout(k, x, 1.5)],
    ["ValueError: dropout: the rate is NaN", [key, f32(2)], (k, x) => nn.dropout(k, x, Number.NaN)],
    ["DTypeError: dropout: takes floats, not i32[2]", [key, i32(2)], (k, n) => nn.dropout(k, n, 0.5)],
    ["ShapeError: dropout: ", [f32(2)], (x) => nn.dropout(x, x, 0.5)]
  ],
  losses: [
    [
      "ShapeError: crossEntropy: labels i32[3] do not fit logits f32[4,5]",
      [f32(4, 5), i32(3)],
      nn.crossEntropy
    ],
    [
      "ShapeError: crossEntropy: labels f32[4] do not fit logits f32[4,5]",
      [f32(4, 5), f32(4)],
      nn.crossEntropy
    ],
    [
      "DTypeError: crossEntropy: dtypes differ: f32[4,5] and f64[4,5]",
      [f32(4, 5), f64(4, 5)],
      nn.crossEntropy
    ],
    ["DTypeError: crossEntropy: dtypes differ: f32[4,5] and bool[4]", [f32(4, 5), bool(4)], nn.crossEntropy],
    ["DTypeError: crossEntropy: takes floats, not i32[4,5]", [i32(4, 5), i32(4)], nn.crossEntropy],
    [
      "ValueError: crossEntropy: labelSmoothing is 2",
      [f32(4, 5), i32(4)],
      (x, y) => nn.crossEntropy(x, y, { labelSmoothing: 2 })
    ],
    ["ShapeError: mse: the shapes differ: f32[3] and f32[3,1]", [f32(3), f32(3, 1)], nn.mse],
    ["DTypeError: mae: dtypes differ: f32[3] and f64[3]", [f32(3), f64(3)], nn.mae],
    ["ValueError: huber: delta is 0", [f32(3)], (x) => nn.huber(x, x, 0)],
    ["DTypeError: sigmoidBinaryCrossEntropy: ", [f32(3), i32(3)], nn.sigmoidBinaryCrossEntropy],
    [
      "ShapeError: cosineSimilarity: the shapes differ: f32[3] and f32[4]",
      [f32(3), f32(4)],
      nn.cosineSimilarity
    ],
    ["ValueError: cosineSimilarity: epsilon is 0", [f32(3)], (x) => nn.cosineSimilarity(x, x, { epsilon: 0 })]
  ],
  attention: [
    [
      "ShapeError: scaledDotProductAttention: f32[2,3], f32[2,3] and f32[2,3] do not fit",
      [f32(2, 3)],
      (x) => attend(x, x, x)
    ],
    [
      "ShapeError: scaledDotProductAttention: f32[2,3,4,5], f32[2,6,4,7] and f32[2,6,4,7] do not fit",
      [f32(2, 3, 4, 5), f32(2, 6, 4, 7)],
      (q, k) => attend(q, k, k)
    ],
    [
      "ShapeError: scaledDotProductAttention: 4 heads of f32[3,4,5]",
      [f32(3, 4, 5), f32(3, 3, 5)],
      (q, k) => attend(q, k, k)
    ],
    [
      "DTypeError: scaledDotProductAttention: dtypes differ",
      [f32(3, 4, 5), f16(3, 4, 5)],
      (q, k) => attend(q, k, k)
    ],
    [
      "ShapeError: scaledDotProductAttention: the mask bool[2,3] does not broadcast to [1,4,3,3]",
      [f32(3, 4, 5), bool(2, 3)],
      (q, mask) => attend(q, q, q, { mask })
    ],
    [
      "DTypeError: scaledDotProductAttention: takes booleans as the mask, not f32[3,3]",
      [f32(3, 4, 5), f32(3, 3)],
      (q, mask) => attend(q, q, q, { mask })
    ],
    [
      "DTypeError: scaledDotProductAttention: dtypes differ: f32[3,4,5] and f64[3,3]",
      [f32(3, 4, 5), f64(3, 3)],
      (q, bias) => attend(q, q, q, { bias })
    ],
    [
      "ValueError: scaledDotProductAttention: scale is Infinity",
      [f32(3, 4, 5)],
      (q) => attend(q, q, q, { scale: 1 / 0 })
    ]
  ],
  initializers: [
    ["ShapeError: initializers.orthogonal: the shape [3] has", [key], (k) => initializers.orthogonal(k, [3])],
    [
      "DTypeError: initializers.orthogonal: ",
      [key],
      (k) => initializers.orthogonal(k, [3, 3], { dtype: "bf16" as Loose })
    ],
    [
      "ShapeError: initializers.deltaOrthogonal: the shape [3,4,2] is no window",
      [key],
      (k) => initializers.deltaOrthogonal(k, [3, 4, 2])
    ],
    [
      "ShapeError: initializers.heNormal: the shape [3] has no axes",
      [key],
      (k) => initializers.heNormal(k, [3])
    ],
    [
      "ShapeError: initializers.heNormal: ",
      [key],
      (k) => initializers.heNormal(k, [3, 4], { inAxis: 0, outAxis: 0 })
    ],
    [
      "DTypeError: initializers.zeros: takes a float dtype, not i32",
      [key],
      (k) => initializers.zeros(k, [3], { dtype: "i32" as Loose })
    ],
    ["ShapeError: initializers.normal: ", [f32(2)], (x) => initializers.normal(x, [3])],
    [
      "ValueError: initializers.varianceScaling: mode is",
      [key],
      (k) => initializers.varianceScaling(k, [3, 4], { mode: "in" as Loose })
    ],
    [
      "ValueError: initializers.varianceScaling: scale is -1",
      [key],
      (k) => initializers.varianceScaling(k, [3, 4], { scale: -1 })
    ],
    [
      "ValueError: initializers.truncatedNormal: lower is 1, and upper is 1",
      [key],
      (k) => initializers.truncatedNormal(k, [3], { lower: 1, upper: 1 })
    ]
  ]
}

describe.each(Object.entries(families))("%s refuse", (_, cases) => {
  it.each(cases)("%s", (text, specs, fn) => {
    expect(refusal(specs, (...args) => fn(...args))).toContain(text)
  })
})

describe("labels out of range", () => {
  it("give NaN, not the loss of another class", () => {
    const { program } = traceNow([], () =>
      nn.crossEntropy(lc.zeros([4, 3], "f32"), lc.constant([-1, 3, 4294967296, 2], "i64"))
    )
    const [first, second, third, last] = run(program, [])[0]!.data.map(Number)
    expect([first, second, third]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect(last).toBeCloseTo(Math.log(3), 5)
  })
})
