import { describe, expect, it } from "vitest"
import { hovers } from "../support/hover.ts"

const before = `
import * as lc from "loopcarry"
import { add, arange, concatenate, conv, matmul, maximum, reduceWindow, reshape, scan, select, slice, split, sum, take, where, zeros } from "loopcarry"
declare const n: number
const a = zeros([3, 4], "f32")
const v = zeros([4], "f32")
const column = zeros([3, 1], "f32")
const unknown = zeros([n], "f32")`

const tensor = (dtype: string, shape: string) => `lc.Tensor<"${dtype}", readonly ${shape}>`

describe("what the editor shows", () => {
  it("is a dtype and lengths, not how they were computed", async () => {
    const cases = {
      "add(a, v)": tensor("f32", "[3, 4]"),
      "add(column, v)": tensor("f32", "[3, 4]"),
      "add(column, v, 1)": tensor("f32", "[3, 4]"),
      "maximum(unknown, v)": tensor("f32", "[4]"),
      "lc.lt(column, v)": tensor("bool", "[3, 4]"),
      "select(zeros([3, 1], 'bool'), v, 0)": tensor("f32", "[3, 4]"),
      "matmul(a, v)": tensor("f32", "[3]"),
      "sum(a, -1, { keepDims: true })": tensor("f32", "[3, 1]"),
      "concatenate([a, a])": tensor("f32", "[6, 4]"),
      "slice(a, [0, 1], [2, 4])": tensor("f32", "[2, 3]"),
      "slice(a, [0, 1], [n, 4])": tensor("f32", "[number, 3]"),
      "take(a, 0, 1)": tensor("f32", "[3]"),
      "lc.at(a, 0).get()": tensor("f32", "[4]"),
      "reshape(a, [-1, 6])": tensor("f32", "[2, 6]"),
      "arange(10, 0, -3)": tensor("i32", "[4]"),
      "lc.random.normal(lc.random.key(0), [2])": tensor("f32", "[2]"),
      "conv(zeros([1, 1, 4], 'f32'), zeros([2, 1, 2], 'f32'))": tensor("f32", "[1, 2, 3]"),
      "reduceWindow(a, 'max', { window: [2, 2], strides: 2 })": tensor("f32", "[1, 2]"),
      "split(a, 2, 1)": `readonly [${tensor("f32", "[3, 2]")}, ${tensor("f32", "[3, 2]")}]`,
      "scan(v, a, (c, x) => [add(c, x), sum(x)])[1]": tensor("f32", "[3]")
    }
    expect(await hovers(before, Object.keys(cases))).toEqual(Object.values(cases))
  })
})
