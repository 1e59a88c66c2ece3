/**
 * How dialects encode their attributes and types, by the number that each begins with. A letter is a field:
 * `a` an attribute, `t` a type, `s` a text, `v` a number, `y` a byte;
 * `o` an optional attribute, for which the number before it has a flag;
 * `c` an attribute if the number before it is not 0;
 * `.` all the rest, which refers to nothing.
 * Brackets hold a list.
 * Sources: mlir/include/mlir/IR/BuiltinDialectBytecode.td; stablehlo/dialect/VhloBytecode.cpp, StablehloBytecode.cpp
 * and ChloBytecode.cpp; shardy/dialect/sdy/ir/bytecode.td.
 */
export interface Encodings {
  readonly attributes: Readonly<Record<number, string>>
  readonly types: Readonly<Record<number, string>>
}

const from = (first: number, last: number, fields: string): Record<number, string> =>
  Object.fromEntries(Array.from({ length: last - first + 1 }, (_, i) => [first + i, fields]))

/** The numbers of what is read by itself, by dialect. */
export const codes = {
  builtin: {
    attribute: {
      array: 0,
      dictionary: 1,
      string: 2,
      typedString: 3,
      symbol: 4,
      integer: 8,
      resource: 16,
      numbers: 17,
      elements: 18
    },
    type: { integer: 0, complex: 9, tensor: 13, encodedTensor: 14, shortFloats: [29, 30, 31] }
  },
  vhlo: {
    attribute: { array: 1, comparison: 3, dictionary: 6, string: 14, tensor: 15, bounds: 18 },
    type: { complex: 1, tensor: 20, encodedTensor: 21, shortFloats: [37, 38, 39] }
  },
  stablehlo: { attribute: { comparison: 2, bounds: 13 } }
} as const

const builtin: Encodings = {
  attributes: {
    0: "[a]",
    1: "[aa]",
    2: "s",
    3: "st",
    4: "a",
    5: "a[a]",
    6: "t",
    7: "",
    8: "t.",
    9: "t.",
    10: "aa",
    11: "avv",
    12: "[a]",
    13: "[a]a",
    14: "aa",
    15: "",
    16: "tv",
    17: "t.",
    18: "t.",
    19: "tv[s]",
    20: "taa",
    21: "a",
    22: "a."
  },
  types: {
    0: "v",
    1: "",
    2: "[t][t]",
    ...from(3, 8, ""),
    9: "t",
    10: "[v]ta",
    11: "a[v]ta",
    12: "",
    13: "[v]t",
    14: "a[v]t",
    15: "[t]",
    16: "t",
    17: "at",
    18: "t",
    // From 21 on, floating-point numbers of 8 bits and fewer.
    ...from(21, 40, "")
  }
}

const vhlo: Encodings = {
  attributes: {
    1: "[a]",
    ...from(2, 5, "v"),
    6: "[aa]",
    7: "v",
    8: "t.",
    9: "t.",
    10: "[v]v[v]",
    ...from(11, 13, "v"),
    14: "s",
    15: "t.",
    16: "v",
    17: "t",
    18: "[v]",
    19: "v",
    20: "vvva",
    21: "vv",
    22: "ac",
    23: "aa",
    24: "av",
    25: "ao"
  },
  types: {
    0: "",
    1: "t",
    ...from(2, 7, ""),
    8: "[t][t]",
    ...from(9, 19, ""),
    20: "[v]t",
    21: "a[v]t",
    22: "",
    23: "[t]",
    24: "vtt.",
    25: "t",
    ...from(26, 29, ""),
    30: "vtt.",
    ...from(31, 40, ""),
    41: "[v]t",
    42: "[t]"
  }
}

const stablehlo: Encodings = {
  attributes: {
    1: "vv",
    2: "v",
    3: "v",
    4: "vv[v]vv[v]vv[v]",
    5: "[v][v][v][v]",
    6: "v",
    7: ".",
    ...from(8, 10, "v"),
    11: ".",
    12: "v",
    13: "[v]",
    14: "[v]v[v]",
    15: "ttt.",
    16: "v",
    17: "vvva"
  },
  types: { 0: "", 1: "[t]" }
}

const sdy: Encodings = {
  attributes: {
    0: "[a]",
    1: "sv",
    2: "[a][v]",
    3: "vv",
    4: "so",
    5: "[a]yv",
    6: "a[a][a]",
    7: "[a]",
    8: "[v]",
    9: "[a]",
    10: "[v][a][a][v][v][v][v]y",
    11: "[a]",
    12: "[a]",
    13: "[a]vv",
    14: "[a]",
    15: "a[a][a][a]",
    16: "[a]",
    17: "a[a][a][a]v"
  },
  types: {}
}

const chlo: Encodings = { attributes: { 0: "v", 1: "v" }, types: {} }

/** By the name of the dialect. */
export const encodings: ReadonlyMap<string, Encodings> = new Map(
  Object.entries({ builtin, vhlo, stablehlo, chlo, sdy })
)
